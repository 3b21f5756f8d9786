// What every driver in JavaScript needs: the job's files, and days as serials.
const fs = require('fs');

exports.readJob = () => JSON.parse(fs.readFileSync(process.argv[2], 'utf8')).files;
exports.serial = (iso) => Date.parse(`${iso}T00:00:00Z`) / 86400000 + 25569;
