/** The table of a list: an ordinary one, so that every reader of screens knows its rows. */
import { Table, type TableColumnsType } from "antd";
import { memo, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from "react";
import { records } from "../../../i18n/records";
import { useWords } from "../../../i18n/words";
import { useLook } from "../../../look";
import { useAddress } from "../../../ui/address";
import { titleOf } from "../../../ui/called";
import { underTop } from "../../../ui/list";
import { Empty, Failed } from "../../../ui/state";
import type { ObjectInfo, RecordRow } from "../model";
import { type Column, tableColumns } from "./columns";

const CHECK_WIDTH = 44;
const NO_ROWS: readonly RecordRow[] = [];
/** The bar for scrolling sideways stands above the foot of the list, which stays too. */
const aboveFoot = { ...underTop, offsetScroll: 30 };

/** The table repeats its heads in a hidden row to measure them; what can be focused must not stand there. */
function InHead(props: { children: ReactNode }) {
  const place = useRef<HTMLSpanElement>(null);
  const [seen, setSeen] = useState(false);
  useLayoutEffect(() => setSeen(!place.current?.closest("[aria-hidden]")), []);
  return <span ref={place}>{seen && props.children}</span>;
}

export const Rows = memo(function Rows(props: {
  object: ObjectInfo;
  /** What the first column is called. */
  title: string;
  columns: readonly Column[];
  /** What the first column is sorted by, if it can be. */
  nameBy: string | undefined;
  /** The rows of the page; `undefined` while there are none yet. */
  rows: readonly RecordRow[] | undefined;
  error: unknown;
  onRetry: () => void;
  chosen: readonly string[];
  onChosen: (chosen: readonly string[]) => void;
  /** Whether search or filters leave something out. */
  narrowed: boolean;
}) {
  const say = useWords(records);
  const { density } = useLook();
  const { object, title, rows, chosen, onChosen, nameBy } = props;
  const [{ sort }, go] = useAddress();
  const { columns, width } = useMemo(
    () => tableColumns(object, title, props.columns, { name: nameBy, sort }),
    [object, title, props.columns, nameBy, sort],
  );
  const fieldOf = (key: unknown) =>
    key === "$name" ? nameBy : props.columns.find((column) => column.key === key)?.sort;
  const ids = (rows ?? []).map(({ id }) => id);
  const toggle = (id: string) =>
    onChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  // Plain boxes: fifty dressed ones cost more than all the rest of a page.
  const check: TableColumnsType<RecordRow>[number] = {
    key: "$chosen",
    width: CHECK_WIDTH,
    fixed: "start",
    title: (
      <InHead>
        <input
          type="checkbox"
          aria-label={say("chooseAll")}
          checked={ids.length > 0 && chosen.length === ids.length}
          onChange={(at) => onChosen(at.target.checked ? ids : [])}
        />
      </InHead>
    ),
    render: (_, row) => (
      <input
        type="checkbox"
        aria-label={titleOf(row, object)}
        checked={chosen.includes(row.id)}
        onChange={() => toggle(row.id)}
      />
    ),
  };
  if (props.error && !rows) return <Failed error={props.error} retry={props.onRetry} />;
  return (
    <Table<RecordRow>
      rowKey="id"
      size={density === "compact" ? "small" : "middle"}
      loading={!rows}
      columns={[check, ...columns]}
      dataSource={rows ?? NO_ROWS}
      pagination={false}
      onChange={(_page, _filters, sorter) => {
        const { order, columnKey } = Array.isArray(sorter) ? (sorter[0] ?? {}) : sorter;
        const by = order && fieldOf(columnKey);
        const next = by && (order === "descend" ? `-${by}` : by);
        go({ sort: next || undefined, cursor: undefined }, "replace");
      }}
      scroll={{ x: width + CHECK_WIDTH }}
      sticky={aboveFoot}
      locale={{
        // While it is being asked nobody is told that there is nothing.
        emptyText: !rows ? (
          <div style={{ height: 120 }} />
        ) : props.narrowed ? (
          <Empty title={say("nothing")}>{say("nothingWhy")}</Empty>
        ) : (
          <Empty title={say("none")}>{say("noneWhy")}</Empty>
        ),
      }}
    />
  );
});
