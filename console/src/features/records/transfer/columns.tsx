/** What each column of a file becomes. */
import { Alert, Button, Select, Space, Table } from "antd";
import { transfer } from "../../../i18n/transfer";
import { useLanguage, useWords } from "../../../i18n/words";
import type { ObjectInfo } from "../model";
import { ID, LEFT_OUT, OWNERS, targets, twice } from "./mapping";
import type { Mapping } from "./port";
import type { Head } from "./sheet";

export function Columns(props: {
  object: ObjectInfo;
  head: Head;
  mapping: Mapping;
  onMapping: (mapping: Mapping) => void;
  onBack: () => void;
  onTry: () => void;
}) {
  const say = useWords(transfer);
  const at = useLanguage() === "en" ? 0 : 1;
  const { head, mapping } = props;
  const known = targets(props.object, at);
  const label = (id: string) => known.find((one) => one.id === id)?.label ?? id;
  const options = [
    { value: LEFT_OUT, label: say("leaveOut") },
    { value: ID, label: say("idField") },
    { value: OWNERS, label: say("ownersField") },
    ...known.map(({ id, label: name }) => ({ value: id, label: name })),
  ];
  const double = twice(mapping);
  const empty = Object.values(mapping).every((to) => to === LEFT_OUT);
  return (
    <>
      <Table
        rowKey="column"
        size="small"
        pagination={false}
        dataSource={head.columns.map((column, index) => ({
          column,
          sample: head.sample[index] ?? "",
        }))}
        columns={[
          {
            key: "column",
            title: say("column"),
            render: (_, row) => <strong>{row.column}</strong>,
          },
          {
            key: "sample",
            title: say("sample"),
            ellipsis: true,
            render: (_, row) => <span className="quiet">{row.sample || "–"}</span>,
          },
          {
            key: "to",
            title: say("becomes"),
            width: 300,
            render: (_, row) => (
              <Select
                showSearch={{ optionFilterProp: "label" }}
                aria-label={`${say("becomes")}: ${row.column}`}
                style={{ width: "100%" }}
                value={mapping[row.column] ?? LEFT_OUT}
                options={options}
                onChange={(to: string) => props.onMapping({ ...mapping, [row.column]: to })}
              />
            ),
          },
        ]}
      />
      {double && <Alert showIcon type="warning" title={say("twice", { field: label(double) })} />}
      {empty && <Alert showIcon type="info" title={say("none")} />}
      <Space>
        <Button onClick={props.onBack}>{say("back")}</Button>
        <Button type="primary" disabled={double !== undefined || empty} onClick={props.onTry}>
          {say("tryOut")}
        </Button>
      </Space>
    </>
  );
}
