/** The columns of a list of records: the name is fixed, then fields, then owner and last change. */
import type { TableColumnsType } from "antd";
import { useMemo } from "react";
import { records } from "../../../i18n/records";
import { type Say, useWords } from "../../../i18n/words";
import { titleOf } from "../../../ui/called";
import { Moment } from "../../../ui/moment";
import { type Field, isName, isSeen, isSystem, type ObjectInfo, type RecordRow } from "../model";
import { LockMark, Owners, RecordLink, Value } from "../values";

export type Column = {
  key: string;
  title: string;
  width: number;
  end?: boolean;
  /** What the server sorts by for this column; absent where it sorts by none. */
  sort?: string | undefined;
  render: (row: RecordRow) => React.ReactNode;
};

const FIRST_WIDTH = 260;
const SHOWN_FIRST = 7;
const WIDTHS: Readonly<Partial<Record<Field["type"], number>>> = {
  boolean: 110,
  number: 170,
  date: 120,
  date_time: 150,
  reference: 220,
};

export function useColumns(fields: readonly Field[]) {
  const say = useWords(records);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the language is in the names of the fields
  return useMemo(() => columnsOf(fields, say), [fields]);
}

/** The first of these fields by which the server sorts. */
export const sortOf = (fields: readonly Field[], ...ids: readonly string[]): string | undefined =>
  ids.find((id) => fields.some((field) => field.id === id && field.sortable));

/** The head of a column sorts, where the server does; a `-` before the field means from the greatest down. */
const sorting = (by: string | undefined, sort: string | undefined) =>
  by === undefined
    ? {}
    : {
        sorter: true,
        showSorterTooltip: false as const,
        sortOrder:
          sort === by ? ("ascend" as const) : sort === `-${by}` ? ("descend" as const) : null,
      };

function columnsOf(fields: readonly Field[], say: Say<typeof records>) {
  const seen = fields.filter((field) => isSeen(field) && !isName(field.id));
  const ofFields: Column[] = seen.map((field) => ({
    key: field.id,
    title: field.label,
    width: WIDTHS[field.type] ?? 150,
    end: field.type === "number",
    sort: sortOf(fields, field.id),
    render: (row) => {
      const parent = row.parents?.[field.id];
      return <Value field={field} shown={row.fields[field.id]} {...(parent && { parent })} />;
    },
  }));
  const all: Column[] = [
    ...ofFields,
    {
      key: "$owner",
      title: say("owner"),
      width: 180,
      render: (row) => <Owners of={row.owners} pool={row.pool} />,
    },
    {
      key: "$changed",
      title: say("changed"),
      width: 150,
      sort: sortOf(fields, "LastModifiedDate"),
      render: (row) => <Moment at={row.changed} />,
    },
    {
      key: "$created",
      title: say("created"),
      width: 150,
      sort: sortOf(fields, "CreatedDate"),
      render: (row) => <Moment at={row.created} />,
    },
    {
      key: "$author",
      title: "ID",
      width: 190,
      render: (row) => <span className="quiet code">{row.id}</span>,
    },
  ];
  // A lead is called by person and company, so a column of its own would say the company twice.
  const twice =
    seen.some(({ id }) => id === "Company") && fields.some(({ id }) => id === "LastName");
  const first = [
    ...(twice ? ["Company"] : []),
    ...seen.filter(({ id }, at) => isSystem(id) || at >= SHOWN_FIRST).map(({ id }) => id),
    "$created",
    "$author",
  ];
  return { all, first };
}

export function tableColumns(
  object: ObjectInfo,
  title: string,
  shown: readonly Column[],
  /** What the first column is sorted by, and how the list is sorted now. */
  by: { name: string | undefined; sort: string | undefined },
): { columns: TableColumnsType<RecordRow>; width: number } {
  const columns: TableColumnsType<RecordRow> = [
    {
      key: "$name",
      title,
      width: FIRST_WIDTH,
      fixed: "start",
      ellipsis: true,
      ...sorting(by.name, by.sort),
      render: (_, row) => (
        <>
          <RecordLink object={object.id} id={row.id}>
            {titleOf(row, object)}
          </RecordLink>
          {row.locked && <LockMark />}
        </>
      ),
    },
    ...shown.map(({ key, title: name, width, end, sort, render }) => ({
      key,
      ...sorting(sort, by.sort),
      title: name,
      width,
      ellipsis: true,
      ...(end && { align: "end" as const }),
      render: (_: unknown, row: RecordRow) => render(row),
    })),
  ];
  return { columns, width: shown.reduce((sum, { width }) => sum + width, FIRST_WIDTH) };
}
