/** The table of a list: an ordinary one, so that every reader of screens knows its rows. */
import { Table } from "antd";
import { memo, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from "react";
import { records } from "../../../i18n/records";
import { useWords } from "../../../i18n/words";
import { useLook } from "../../../look";
import { underTop } from "../../../ui/list";
import { Empty, Failed } from "../../../ui/state";
import { type ObjectInfo, type RecordRow, titleOf } from "../model";
import type { useRecords } from "../queries";
import { type Column, tableColumns } from "./columns";

const CHECK_WIDTH = 44;
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
  found: ReturnType<typeof useRecords>;
  chosen: readonly string[];
  onChosen: (chosen: readonly string[]) => void;
  /** Whether search or filters leave something out. */
  narrowed: boolean;
}) {
  const say = useWords(records);
  const { density } = useLook();
  const { object, title, found, narrowed } = props;
  const { columns, width } = useMemo(
    () => tableColumns(object, title, props.columns),
    [object, title, props.columns],
  );
  if (found.error && !found.data) {
    return <Failed error={found.error} retry={() => void found.refetch()} />;
  }
  return (
    <Table<RecordRow>
      rowKey="id"
      size={density === "compact" ? "small" : "middle"}
      loading={found.isFetching && !found.data}
      columns={columns}
      dataSource={found.data?.items ?? []}
      pagination={false}
      rowSelection={{
        selectedRowKeys: [...props.chosen],
        onChange: (keys) => props.onChosen(keys.map(String)),
        columnWidth: CHECK_WIDTH,
        columnTitle: (box) => <InHead>{box}</InHead>,
        getCheckboxProps: (row) => ({ "aria-label": titleOf(row, object) }) as object,
      }}
      scroll={{ x: width }}
      sticky={aboveFoot}
      locale={{
        emptyText: narrowed ? (
          <Empty title={say("nothing")}>{say("nothingWhy")}</Empty>
        ) : (
          <Empty title={say("none")}>{say("noneWhy")}</Empty>
        ),
      }}
    />
  );
});
