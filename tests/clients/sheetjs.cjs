// Drive SheetJS: open each workbook of the job, do the acts, save. It has no way to insert or delete a row.
const XLSX = require('xlsx');
const { readJob, serial } = require('./job.cjs');

const TYPES = { xlsx: 'xlsx', ods: 'ods', xls: 'biff8' };
const put = (t) => (sheet, at, value) => { sheet[at] = { ...sheet[at], t, v: value }; for (const k of ['w', 'r', 'h', 'f']) delete sheet[at][k]; };

const acts = {
  text: put('s'),
  number: put('n'),
  date: (sheet, at, iso) => put('n')(sheet, at, serial(iso)),
  clear: (sheet, at) => { delete sheet[at]; },
};

for (const { source, target, acts: done } of readJob()) {
  const book = XLSX.readFile(source, { cellStyles: true, cellNF: true, cellFormula: true, sheetStubs: true });
  for (const [verb, sheet, ...rest] of done) acts[verb](book.Sheets[sheet], ...rest);
  XLSX.writeFile(book, target, { bookType: TYPES[target.split('.').pop()], cellStyles: true });
}
