/** The rows and cells of a matrix: objects with their fields against actions, over a policy and unsaved edits. */
import { soughtBy } from "../../../i18n/fields";
import { at, type Edits, entityOf, type Json, keyOf, type Place } from "../draft";
import { ACTIONS, type CellKind, isGranted, isRisky } from "../levels";
import type { Policy, PolicyObject } from "../world";

/** The permission that acts on every object. */
export const ANY = "*";

export type MatrixRow = { object: string; field?: string };
export type Only = "all" | "granted" | "changed" | "risky";

export const columnsOf = (policy: Policy): readonly string[] => [
  "all_fields",
  "view_all",
  "modify_all",
  ...ACTIONS,
  ...Object.keys(policy.actions),
];

export function kindOf(row: MatrixRow, column: string): CellKind {
  if (column === "all_fields") return "access";
  if (row.field !== undefined) return "off";
  return column === "view_all" || column === "modify_all" ? "flag" : "scope";
}

/** Whether a set that does not list the field shows it all the same. */
export function isOpen(object: PolicyObject | undefined, field: string): boolean {
  const secured = object?.fields?.[field]?.secured;
  return secured == null ? object?.field_mode === "open" : !secured;
}

export function placeOf(set: string, row: MatrixRow, column: string): Place {
  const { object, field } = row;
  if (field !== undefined) return { kind: "set", id: set, path: ["fields", object, field] };
  const inside = object === ANY ? ["any_object"] : ["objects", object];
  const last = kindOf(row, column) === "scope" ? ["actions", column] : [column];
  return { kind: "set", id: set, path: [...inside, ...last] };
}

/** What a cell shows for what the set states; `""` for a field that is shown with its object. */
export function cellOf(kind: CellKind, value: Json, open: boolean): string {
  if (kind === "flag") return value === true ? "yes" : "no";
  if (typeof value === "string") return value;
  if (kind === "scope") return "none";
  return open ? "" : "hidden";
}

/** What the set states for what a cell shows. Nothing is stated where nothing is given. */
export function statedOf(kind: CellKind, cell: string, open: boolean): Json {
  if (kind === "flag") return cell === "yes" ? true : undefined;
  if (kind === "scope") return cell === "none" ? undefined : cell;
  if (cell === "") return undefined;
  return cell === "hidden" && !open ? undefined : cell;
}

export type Matrix = {
  value: (row: MatrixRow, column: string) => string;
  isChanged: (row: MatrixRow, column: string) => boolean;
  stated: (row: MatrixRow, column: string, cell: string) => Json;
};

export function matrixOf(policy: Policy, edits: Edits, set: string): Matrix {
  const content = entityOf(policy, { kind: "set", id: set });
  const open = ({ object, field }: MatrixRow) =>
    field !== undefined && isOpen(policy.objects[object], field);
  return {
    value: (row, column) => {
      const place = placeOf(set, row, column);
      const edit = edits.size > 0 ? edits.get(keyOf(place)) : undefined;
      return cellOf(kindOf(row, column), edit ? edit.now : at(content, place.path), open(row));
    },
    isChanged: (row, column) => edits.size > 0 && edits.has(keyOf(placeOf(set, row, column))),
    stated: (row, column, cell) => statedOf(kindOf(row, column), cell, open(row)),
  };
}

export type Asked = {
  search: string;
  only: Only;
  opened: ReadonlySet<string>;
  objectName: (id: string) => string;
  /** The matrix without edits: a row that was there does not vanish from under the hand. */
  saved: Matrix;
};

function passes(matrix: Matrix, row: MatrixRow, columns: readonly string[], asked: Asked): boolean {
  const { only, saved } = asked;
  if (only === "all") return true;
  const own = row.field === undefined ? columns : ["all_fields"];
  const wanted = (kind: CellKind, column: string, value: string) =>
    only === "granted" ? isGranted(kind, value) : isRisky(kind, column, value);
  return own.some((column) => {
    if (only === "changed") return matrix.isChanged(row, column);
    const kind = kindOf(row, column);
    return (
      wanted(kind, column, matrix.value(row, column)) ||
      wanted(kind, column, saved.value(row, column))
    );
  });
}

/** The rows in their order: every object, below an opened one its fields. */
export function rowsOf(policy: Policy, matrix: Matrix, asked: Asked): MatrixRow[] {
  const columns = columnsOf(policy);
  const words = asked.search.trim().toLowerCase();
  const hit = (...texts: string[]) => texts.some((text) => text.toLowerCase().includes(words));
  const rows: MatrixRow[] = [];
  const any = { object: ANY };
  if (words === "" && passes(matrix, any, columns, asked)) rows.push(any);
  for (const [object, { fields = {} }] of Object.entries(policy.objects)) {
    const named = words === "" || hit(object, asked.objectName(object));
    const found = Object.entries(fields)
      .filter(
        ([id, field]) => words === "" || named || soughtBy(id, field.name ?? "").includes(words),
      )
      .map(([field]) => ({ object, field }));
    const inside = found.filter((row) => passes(matrix, row, columns, asked));
    const sought = words !== "" && !named;
    const row = { object };
    const shown = named && passes(matrix, row, columns, asked);
    if (!shown && inside.length === 0) continue;
    rows.push(row);
    if (asked.opened.has(object) || sought || (asked.only === "changed" && inside.length > 0)) {
      rows.push(...inside);
    }
  }
  return rows;
}
