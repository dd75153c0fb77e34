/** Heads that sort where every row is here; a page of many stays in the order of the server, or it would be sorted by halves. */

type Sorted = string | number | boolean | null | undefined;

/** What has no value comes last, in either direction of its neighbours. */
export function inOrder(one: Sorted, other: Sorted): number {
  const empty = (value: Sorted) => value === null || value === undefined || value === "";
  if (empty(one) || empty(other)) return Number(empty(one)) - Number(empty(other));
  if (typeof one === "string" && typeof other === "string") return one.localeCompare(other);
  return Number(one) - Number(other);
}

/** The members of a column that sorts by `by`, where the rows are all that there are. */
export const sortedBy = <Row>(isWhole: boolean, by: (row: Row) => Sorted) =>
  isWhole
    ? { sorter: (a: Row, b: Row) => inOrder(by(a), by(b)), showSorterTooltip: false as const }
    : {};
