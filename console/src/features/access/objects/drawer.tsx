/** The fields of one object beside the list. */
import { PlusOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { App, Button, Drawer, Space, Table } from "antd";
import { useState } from "react";
import { answer, api, tagged } from "../../../api/client";
import { useChange } from "../../../api/query";
import { masks as fieldWords } from "../../../i18n/masks";
import { structure as words } from "../../../i18n/structure";
import { useWords } from "../../../i18n/words";
import { useAddress } from "../../../ui/address";
import { ConfirmByTyping } from "../../../ui/confirm";
import { useOutcome } from "../outcome";
import { outcome } from "../saving";
import { type Policy, useFieldName, useObjectName, WORLD } from "../world";
import { NewField } from "./making";

export function ObjectDrawer(props: { policy: Policy; object: string }) {
  const { policy, object } = props;
  const say = useWords(words);
  const sayFields = useWords(fieldWords);
  const objectName = useObjectName(policy);
  const fieldName = useFieldName();
  const [, go] = useAddress();
  const [making, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<string>();
  const all = Object.entries(policy.objects[object]?.fields ?? {});
  return (
    <Drawer
      open
      size={800}
      title={objectName(object)}
      onClose={() => go({ object: undefined })}
      footer={
        <Space>
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
            {say("newField")}
          </Button>
          <Link to="/fields" search={{ object } as never}>
            <Button>{say("masks")}</Button>
          </Link>
        </Space>
      }
    >
      <Table
        rowKey={([id]) => id}
        size="small"
        pagination={false}
        virtual
        scroll={{ x: 680, y: 480 }}
        dataSource={all}
        columns={[
          {
            key: "name",
            title: say("name"),
            width: 200,
            render: (_, [id, field]) => fieldName(id, field),
          },
          {
            key: "id",
            title: say("id"),
            width: 180,
            render: (_, [id]) => <span className="code quiet">{id}</span>,
          },
          {
            key: "type",
            title: say("type"),
            width: 120,
            render: (_, [, field]) => sayFields(field.type ?? "text"),
          },
          {
            key: "class",
            title: sayFields("class"),
            width: 130,
            render: (_, [, field]) => (field.class ? sayFields(field.class) : "–"),
          },
          {
            key: "remove",
            title: say("remove"),
            width: 100,
            render: (_, [id]) => (
              <Button size="small" type="text" danger onClick={() => setLeaving(id)}>
                {say("remove")}
              </Button>
            ),
          },
        ]}
      />
      {making && <NewField object={object} onClose={() => setMaking(false)} />}
      {leaving && <Leaving object={object} field={leaving} onClose={() => setLeaving(undefined)} />}
    </Drawer>
  );
}

function Leaving(props: { object: string; field: string; onClose: () => void }) {
  const { object, field } = props;
  const say = useWords(words);
  const { message } = App.useApp();
  const path = { object, field };
  const said = useOutcome();
  const remove = useChange(async () => {
    const { etag } = await tagged(
      api.GET("/api/v1/objects/{object}/fields/{field}", { params: { path } }),
    );
    return answer(
      api.DELETE("/api/v1/objects/{object}/fields/{field}", {
        params: { path, header: { "If-Match": etag } },
      }),
    );
  }, [WORLD, ["access", "revisions"]]);
  const run = async () => {
    const made = outcome(await remove.mutateAsync(undefined));
    const isGone = "revision" in made;
    void message.success(isGone ? say("removed", { n: String(made.revision) }) : said(made));
    props.onClose();
  };
  return (
    <ConfirmByTyping
      open
      title={say("removeTitle", { name: field })}
      name={field}
      act={say("remove")}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => void run().catch(() => {})}
      onCancel={props.onClose}
    >
      {say("removeAbout")}
    </ConfirmByTyping>
  );
}
