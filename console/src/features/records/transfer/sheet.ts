/** The names of the columns of a file, and its first values, to be mapped before it is sent. */
import { formOf } from "./port";

export type Head = { columns: readonly string[]; sample: readonly string[] };

const HEAD_BYTES = 256 * 1024;

/** A cell in quotes or without, and what ends it: a comma, the end of the line or of the text. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;

/** The first rows of a CSV text; quotes and line ends inside them as RFC 4180 has it. */
export function csvRows(text: string, most: number): string[][] {
  const clean = text.replace(/^\uFEFF/, "");
  const rows: string[][] = [];
  let row: string[] = [];
  CELL.lastIndex = 0;
  while (rows.length < most && CELL.lastIndex < clean.length) {
    const found = CELL.exec(clean);
    if (!found) break;
    const [, inQuotes, bare, end] = found;
    row.push(inQuotes?.replaceAll('""', '"') ?? bare ?? "");
    if (end !== ",") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const column = (reference: string): number =>
  [...reference.replace(/\d+/g, "")].reduce((sum, sign) => sum * 26 + sign.charCodeAt(0) - 64, 0) -
  1;

function texts(of: Element): string {
  return [...of.getElementsByTagName("t")].map((part) => part.textContent ?? "").join("");
}

/** The first rows of the first sheet of a workbook. */
async function workbookRows(bytes: Uint8Array, most: number): Promise<string[][]> {
  const { strFromU8, unzipSync } = await import("fflate");
  const parts = unzipSync(bytes, {
    filter: ({ name }) => /^xl\/(sharedStrings|worksheets\/sheet\d+)\.xml$/.test(name),
  });
  const parse = (name: string) =>
    new DOMParser().parseFromString(strFromU8(parts[name] ?? new Uint8Array()), "text/xml");
  const first = Object.keys(parts)
    .filter((name) => name.includes("worksheets"))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))[0];
  if (!first) return [];
  const shared = [...parse("xl/sharedStrings.xml").getElementsByTagName("si")].map(texts);
  return [...parse(first).getElementsByTagName("row")].slice(0, most).map((row) => {
    const cells: string[] = [];
    for (const cell of row.getElementsByTagName("c")) {
      const value = cell.getElementsByTagName("v")[0]?.textContent ?? "";
      const kind = cell.getAttribute("t");
      const text = kind === "s" ? (shared[Number(value)] ?? "") : value;
      cells[column(cell.getAttribute("r") ?? "A1")] = kind === "inlineStr" ? texts(cell) : text;
    }
    return Array.from(cells, (text) => text ?? "");
  });
}

export async function headOf(file: File): Promise<Head> {
  const rows =
    formOf(file) === "xlsx"
      ? await workbookRows(new Uint8Array(await file.arrayBuffer()), 2)
      : csvRows(await file.slice(0, HEAD_BYTES).text(), 2);
  const columns = (rows[0] ?? []).map((name) => name.trim()).filter(Boolean);
  return { columns, sample: rows[1] ?? [] };
}
