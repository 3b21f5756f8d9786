// Drive excelize, compiled to wasm: open each workbook of the job, do the acts, save.
const fs = require('fs');
const { init } = require('excelize-wasm');
const { readJob, serial } = require('./job.cjs');

const sure = (found) => { if (found && found.error) throw new Error(found.error); return found; };

const acts = {
  text: (book, sheet, at, value) => sure(book.SetCellStr(sheet, at, value)),
  number: (book, sheet, at, value) => sure(book.SetCellValue(sheet, at, value)),
  date: (book, sheet, at, iso) => sure(book.SetCellValue(sheet, at, serial(iso))),
  clear: (book, sheet, at) => sure(book.SetCellDefault(sheet, at, "")),
  insert: (book, sheet, row) => sure(book.InsertRows(sheet, row, 1)),
  delete: (book, sheet, row) => sure(book.RemoveRow(sheet, row)),
};

(async () => {
  const excelize = await init(require.resolve('excelize-wasm').replace(/main\.cjs$/, 'excelize.wasm.gz'));
  for (const { source, target, acts: done } of readJob()) {
    const book = sure(excelize.OpenReader(fs.readFileSync(source)));
    for (const [verb, ...rest] of done) acts[verb](book, ...rest);
    fs.writeFileSync(target, sure(book.WriteToBuffer()).buffer);
  }
  process.exit(0);
})().catch((problem) => { console.error(problem); process.exit(1); });
