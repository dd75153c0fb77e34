/** The objects of the CRM and their fields: a list, a drawer, and new ones. */
import { PlusOutlined } from "@ant-design/icons";
import { Button, Table, Tag } from "antd";
import { useState } from "react";
import { masks as fieldWords } from "../../../i18n/masks";
import { structure as words } from "../../../i18n/structure";
import { useWords } from "../../../i18n/words";
import { useLook } from "../../../look";
import { useAddress } from "../../../ui/address";
import { SearchBox, underTop, WholeFoot } from "../../../ui/list";
import { PageHeader } from "../../../ui/page";
import { Answered, Empty } from "../../../ui/state";
import { type Policy, useObjectName, useWorld } from "../world";
import { ObjectDrawer } from "./drawer";
import { NewObject } from "./making";

export default function Objects() {
  const say = useWords(words);
  const world = useWorld();
  const [making, setMaking] = useState(false);
  return (
    <>
      <PageHeader
        title={say("title")}
        about={say("about")}
        acts={
          <Button icon={<PlusOutlined />} onClick={() => setMaking(true)}>
            {say("newObject")}
          </Button>
        }
      />
      <Answered of={world}>{({ policy }) => <List policy={policy} />}</Answered>
      {making && <NewObject onClose={() => setMaking(false)} />}
    </>
  );
}

/** Salesforce marks what an organization made itself by its name. */
export const isCustom = (id: string): boolean => id.endsWith("__c");

function List(props: { policy: Policy }) {
  const { policy } = props;
  const say = useWords(words);
  const sayFields = useWords(fieldWords);
  const { density } = useLook();
  const objectName = useObjectName(policy);
  const [search, go] = useAddress();
  const sought = (search.q ?? "").trim().toLowerCase();
  const all = Object.keys(policy.objects).map((id) => ({ id }));
  const rows = all.filter(({ id }) => `${id} ${objectName(id)}`.toLowerCase().includes(sought));
  return (
    <>
      <div className="sheet">
        <div className="tools">
          <SearchBox placeholder={say("search")} />
        </div>
        <Table
          rowKey="id"
          size={density === "compact" ? "small" : "middle"}
          pagination={false}
          sticky={underTop}
          scroll={{ x: 800 }}
          dataSource={rows}
          locale={{ emptyText: <Empty title={say("nothing")}>{say("nothingWhy")}</Empty> }}
          columns={[
            {
              key: "name",
              title: say("name"),
              width: 260,
              fixed: "start",
              render: (_, { id }) => (
                <Button type="link" className="plain" onClick={() => go({ object: id })}>
                  {objectName(id)}
                </Button>
              ),
            },
            {
              key: "id",
              title: say("id"),
              width: 220,
              render: (_, { id }) => <span className="code quiet">{id}</span>,
            },
            {
              key: "sort",
              title: say("sort"),
              width: 110,
              render: (_, { id }) => (isCustom(id) ? <Tag>{say("custom")}</Tag> : say("standard")),
            },
            {
              key: "fields",
              title: say("fields"),
              width: 90,
              align: "end",
              render: (_, { id }) => (
                <span className="number">
                  {Object.keys(policy.objects[id]?.fields ?? {}).length}
                </span>
              ),
            },
            {
              key: "parents",
              title: say("parents"),
              width: 200,
              render: (_, { id }) =>
                Object.values(policy.objects[id]?.relations ?? {})
                  .map(({ parent }) => objectName(parent))
                  .join(" · ") || "–",
            },
            {
              key: "mode",
              title: say("newFields"),
              width: 160,
              render: (_, { id }) =>
                sayFields(policy.objects[id]?.field_mode === "open" ? "opened" : "closed"),
            },
          ]}
        />
        <WholeFoot shown={rows.length} all={all.length} why={say("few")} />
      </div>
      {search.object && policy.objects[search.object] && (
        <ObjectDrawer key={search.object} policy={policy} object={search.object} />
      )}
    </>
  );
}
