/** What two sets state differently, place by place. */
import type { CellKind } from "../levels";
import { ANY, columnsOf, kindOf, type Matrix, type MatrixRow, matrixOf } from "../matrix/rows";
import type { Policy } from "../world";

export type Pair = {
  row?: MatrixRow;
  /** The action, or the name of a system permission. */
  column: string;
  kind: CellKind;
  a: string;
  b: string;
};

function rowsOf(policy: Policy): MatrixRow[] {
  const objects = Object.entries(policy.objects).flatMap(([object, { fields = {} }]) => [
    { object },
    ...Object.keys(fields).map((field) => ({ object, field })),
  ]);
  return [{ object: ANY }, ...objects];
}

export function compared(policy: Policy, one: string, other: string, which: "all" | "differences") {
  const [a, b] = [one, other].map((set) => matrixOf(policy, new Map(), set));
  if (!a || !b) return [];
  const cells = cellPairs(policy, a, b);
  const pairs = [...cells, ...systemPairs(policy, one, other)];
  return which === "all" ? pairs : pairs.filter((pair) => pair.a !== pair.b);
}

function cellPairs(policy: Policy, a: Matrix, b: Matrix): Pair[] {
  const columns = columnsOf(policy);
  return rowsOf(policy).flatMap((row) =>
    (row.field === undefined ? columns : ["all_fields"]).map((column) => ({
      row,
      column,
      kind: kindOf(row, column),
      a: a.value(row, column),
      b: b.value(row, column),
    })),
  );
}

function systemPairs(policy: Policy, one: string, other: string): Pair[] {
  const [first, second] = [one, other].map((set) => policy.sets[set]?.system ?? []);
  const names = [...new Set([...(first ?? []), ...(second ?? [])])].sort();
  const held = (all: readonly string[] | undefined, name: string) =>
    all?.includes(name) ? "yes" : "no";
  return names.map((column) => ({
    column,
    kind: "flag",
    a: held(first, column),
    b: held(second, column),
  }));
}
