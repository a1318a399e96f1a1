/**
 * What a workbook may come to at most. A sheet of Excel has at most 1,048,576 rows and 16,384 columns; all the rest is
 * many times what such a sheet of bookings needs.
 */
export const MOST = {
  /** Of the file. */
  fileBytes: 256 * 1024 ** 2,
  /** Parts in the zip. */
  parts: 10_000,
  /** Of a part that only describes: the list of sheets, the styles. */
  descriptionBytes: 16 * 1024 ** 2,
  /** Of the table of shared texts, as XML: it is held in memory, some 500 MiB where all its texts are short. */
  textTableBytes: 128 * 1024 ** 2,
  /** Of the sheet, as XML. */
  sheetBytes: 4 * 1024 ** 3,
  /** Of the rows as text, which go to the disk: less than the scratch space of the Lambda. */
  rowsBytes: 2 * 1024 ** 3,
  /** Bytes of a part for each compressed one, beyond the first. Deflate cannot pass 1032, sheets rarely pass 30. */
  ratio: 200,
  ratioFreeBytes: 10_000_000,
  /** Characters of markup or text in one piece. */
  pieceLength: 4 * 1024 ** 2,
  /** Elements within elements. */
  depth: 64,
  rows: 1_048_576,
  columns: 16_384,
  sheets: 255,
} as const;
