/** The cells of a matrix as the grid draws them, and what a key, a choice or a paste changes in them. */
import type { Change } from "../draft";
import type { CellView } from "../grid/body";
import type { At } from "../grid/range";
import { isRisky, nothing, stepped, strength, turned } from "../levels";
import type { Levels } from "../words";
import { kindOf, type Matrix, type MatrixRow, placeOf } from "./rows";

/** What acts on a row and column as saved, with what other permissions of the set bring. */
export type Effective = (row: MatrixRow, column: string) => string | undefined;

export function viewOf(
  levels: Levels,
  matrix: Matrix,
  effective: Effective,
  row: MatrixRow,
  column: string,
): CellView | undefined {
  const kind = kindOf(row, column);
  if (kind === "off") return undefined;
  const value = matrix.value(row, column);
  const changed = matrix.isChanged(row, column);
  const acts = changed ? undefined : effective(row, column);
  const more = acts !== undefined && strength(kind, acts) > strength(kind, value);
  const own = levels.value(kind, value);
  const text = more ? implied(levels.value(kind, acts), strength(kind, value) === 0) : own;
  const risky = isRisky(kind, column, value);
  const marks = [
    changed && levels.say("changed"),
    risky && levels.say("risky"),
    more && levels.say("implied"),
  ].filter(Boolean);
  return {
    kind,
    text: strength(kind, value) === 0 && !more && value !== "" && !value.includes("+") ? "–" : text,
    level: strength(kind, more ? acts : value),
    spoken: [levels.action(column), own, more && text, ...marks].filter(Boolean).join(", "),
    changed,
    risky,
    implied: more,
  };
}

const implied = (acts: string, isNothing: boolean) => (isNothing ? acts : `→ ${acts}`);

type Target = { row: MatrixRow; column: string; word: string | undefined };

/** The changes by which each target gets its word; a word that does not fit its cell changes nothing. */
function changesOf(set: string, matrix: Matrix, targets: readonly Target[]): Change[] {
  return targets.flatMap(({ row, column, word }) =>
    word === undefined
      ? []
      : [{ ...placeOf(set, row, column), now: matrix.stated(row, column, word) }],
  );
}

export type Act = { step: true } | { turn: true } | { clear: true } | { word: string };

function wanted(act: Act, row: MatrixRow, column: string, now: string, levels: Levels) {
  const kind = kindOf(row, column);
  if (kind === "off") return undefined;
  if ("step" in act) return stepped(kind, now);
  if ("turn" in act) return kind === "scope" ? turned(kind, now) : undefined;
  if ("clear" in act || act.word === "none") return nothing(kind);
  return levels.understood(kind, act.word);
}

export type Grid = {
  set: string;
  matrix: Matrix;
  rows: readonly MatrixRow[];
  columns: readonly string[];
};

/** One act on all cells of a selection; stepping makes all of them what the first becomes. */
export function acted(grid: Grid, levels: Levels, cells: readonly At[], act: Act): Change[] {
  const named = cells.flatMap((at) => {
    const [row, column] = [grid.rows[at.row], grid.columns[at.column]];
    return row && column && kindOf(row, column) !== "off" ? [{ row, column }] : [];
  });
  const [first] = named;
  if (!first) return [];
  const lead = wanted(
    act,
    first.row,
    first.column,
    grid.matrix.value(first.row, first.column),
    levels,
  );
  const alone = "step" in act && named.length > 1 && lead !== undefined ? { word: lead } : act;
  const targets = named.map(({ row, column }) => ({
    row,
    column,
    word: wanted(alone, row, column, grid.matrix.value(row, column), levels),
  }));
  return changesOf(grid.set, grid.matrix, targets);
}

/** What a paste changes, and how many of its words did not fit. */
export function laid(
  grid: Grid,
  levels: Levels,
  words: readonly { at: At; word: string }[],
): { changes: Change[]; left: number } {
  const targets = words.flatMap(({ at, word }) => {
    const [row, column] = [grid.rows[at.row], grid.columns[at.column]];
    if (!row || !column || word.trim() === "" || word === "–") return [];
    return [{ row, column, word: wanted({ word }, row, column, "", levels) }];
  });
  const left = targets.filter(({ word }) => word === undefined).length;
  return { changes: changesOf(grid.set, grid.matrix, targets), left };
}
