/** Where the keyboard is in a grid, and what is selected: from an anchor to the cell with the focus. */

export type At = { row: number; column: number };
export type Selection = { anchor: At; focus: At };
export type Block = { top: number; bottom: number; left: number; right: number };
export type Size = { rows: number; columns: number };

export const FIRST: Selection = { anchor: { row: 0, column: 0 }, focus: { row: 0, column: 0 } };

const between = (value: number, count: number) => Math.min(Math.max(value, 0), count - 1);

export function blockOf({ anchor, focus }: Selection): Block {
  return {
    top: Math.min(anchor.row, focus.row),
    bottom: Math.max(anchor.row, focus.row),
    left: Math.min(anchor.column, focus.column),
    right: Math.max(anchor.column, focus.column),
  };
}

export function cellsOf(block: Block): At[] {
  const cells: At[] = [];
  for (let row = block.top; row <= block.bottom; row += 1) {
    for (let column = block.left; column <= block.right; column += 1) cells.push({ row, column });
  }
  return cells;
}

export const countOf = ({ top, bottom, left, right }: Block): number =>
  (bottom - top + 1) * (right - left + 1);

/** A selection that still fits after rows or columns have gone. */
export function fitting(selection: Selection, size: Size): Selection {
  const within = ({ row, column }: At) => ({
    row: between(row, size.rows),
    column: between(column, size.columns),
  });
  return { anchor: within(selection.anchor), focus: within(selection.focus) };
}

type Keys = { key: string; shiftKey: boolean; ctrlKey: boolean; metaKey: boolean };

const FAR = Number.MAX_SAFE_INTEGER;
const PAGE = 12;

function target(at: At, event: Keys): At | undefined {
  const far = event.ctrlKey || event.metaKey;
  const { row, column } = at;
  switch (event.key) {
    case "ArrowUp":
      return { row: far ? 0 : row - 1, column };
    case "ArrowDown":
      return { row: far ? FAR : row + 1, column };
    case "ArrowLeft":
      return { row, column: far ? 0 : column - 1 };
    case "ArrowRight":
      return { row, column: far ? FAR : column + 1 };
    case "PageUp":
      return { row: row - PAGE, column };
    case "PageDown":
      return { row: row + PAGE, column };
    case "Home":
      return { row: far ? 0 : row, column: 0 };
    case "End":
      return { row: far ? FAR : row, column: FAR };
    default:
      return undefined;
  }
}

/** The selection after a key that moves; with Shift it grows. `undefined` for another key. */
export function moved(selection: Selection, event: Keys, size: Size): Selection | undefined {
  const to = target(selection.focus, event);
  if (!to) return undefined;
  const focus = { row: between(to.row, size.rows), column: between(to.column, size.columns) };
  return { anchor: event.shiftKey ? selection.anchor : focus, focus };
}

export const wholeRow = (row: number, size: Size): Selection => ({
  anchor: { row, column: size.columns - 1 },
  focus: { row, column: 0 },
});

export const wholeColumn = (column: number, size: Size): Selection => ({
  anchor: { row: size.rows - 1, column },
  focus: { row: 0, column },
});

export const everything = (size: Size): Selection => ({
  anchor: { row: size.rows - 1, column: size.columns - 1 },
  focus: { row: 0, column: 0 },
});

/** The block that a paste fills: a single value fills the whole selection, a block its own size. */
export function pasted(selection: Selection, rows: readonly (readonly string[])[], size: Size) {
  const block = blockOf(selection);
  const single = rows.length === 1 && rows[0]?.length === 1;
  if (single) return cellsOf(block).map((at) => ({ at, word: rows[0]?.[0] ?? "" }));
  return rows.flatMap((line, down) =>
    line.flatMap((word, across) => {
      const at = { row: block.top + down, column: block.left + across };
      return at.row < size.rows && at.column < size.columns ? [{ at, word }] : [];
    }),
  );
}
