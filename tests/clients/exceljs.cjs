// Drive ExcelJS: open each workbook of the job, do the acts, save. Run: node exceljs.cjs JOB.json
const ExcelJS = require('exceljs');
const { readJob, serial } = require('./job.cjs');

const acts = {
  text: (sheet, at, value) => { sheet.getCell(at).value = value; },
  number: (sheet, at, value) => { sheet.getCell(at).value = value; },
  date: (sheet, at, iso) => { sheet.getCell(at).value = new Date(`${iso}T00:00:00Z`); },
  clear: (sheet, at) => { sheet.getCell(at).value = null; },
  insert: (sheet, row) => { sheet.insertRow(row, []); },
  delete: (sheet, row) => { sheet.spliceRows(row, 1); },
};

(async () => {
  for (const { source, target, acts: done } of readJob()) {
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(source);
    for (const [verb, sheet, ...rest] of done) acts[verb](book.getWorksheet(sheet), ...rest);
    await book.xlsx.writeFile(target);
  }
})().catch((problem) => { console.error(problem); process.exit(1); });
