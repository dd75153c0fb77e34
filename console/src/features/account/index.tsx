/** One's own account: open sessions, password, powers. */

import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Popconfirm, Table } from "antd";
import { useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { useChange } from "../../api/query";
import { account } from "../../i18n/account";
import { powers } from "../../i18n/overview";
import { useWords } from "../../i18n/words";
import { useSession, useSigning } from "../../session";
import { deviceOf } from "../../ui/device";
import { ActsHead } from "../../ui/list";
import { Moment } from "../../ui/moment";
import { useNamed } from "../../ui/named";
import { PageHeader } from "../../ui/page";
import { NewPassword } from "../../ui/password";
import { ProblemNote } from "../../ui/problem";
import { sortedBy } from "../../ui/sorted";
import { Answered } from "../../ui/state";

export default function Account() {
  const say = useWords(account);
  const power = useNamed(powers);
  const held = useSession().data?.powers ?? [];
  return (
    <>
      <PageHeader title={say("title")} about={say("about")} />
      <div className="columns">
        <section className="sheet">
          <Sessions />
        </section>
        <div style={{ display: "grid", gap: 16, alignContent: "start" }}>
          <section className="sheet">
            <h2>{say("password")}</h2>
            <Password />
          </section>
          <section className="sheet">
            <h2>{say("powers")}</h2>
            {held.length === 0 && <p className="quiet">{say("noPowers")}</p>}
            <ul style={{ margin: 0, paddingLeft: 18 }}>
              {held.map((one) => (
                <li key={one}>{power(one)}</li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </>
  );
}

const STALE = [["me", "sessions"]];

function Sessions() {
  const say = useWords(account);
  const found = useQuery({
    queryKey: ["me", "sessions"],
    queryFn: () => answer(api.GET("/api/v1/me/sessions", { params: { query: { limit: 100 } } })),
  });
  const end = useChange(
    (session: string) =>
      answer(api.DELETE("/api/v1/me/sessions/{session}", { params: { path: { session } } })),
    STALE,
  );
  const endOthers = useChange(() => answer(api.DELETE("/api/v1/me/sessions")), STALE);
  return (
    <>
      <div className="tools" style={{ padding: "0 0 10px" }}>
        <h2 style={{ margin: 0 }}>{say("sessions")}</h2>
        <span className="rest">
          <Popconfirm
            title={say("endOthersWhy")}
            okText={say("endOthers")}
            cancelText={say("cancel")}
            onConfirm={() => endOthers.mutate(undefined)}
          >
            <Button danger>{say("endOthers")}</Button>
          </Popconfirm>
        </span>
      </div>
      <Answered of={found}>
        {({ items, next }) => (
          <Table
            rowKey="id"
            size="small"
            pagination={items.length > 10 ? { pageSize: 10, size: "small" } : false}
            dataSource={[...items].sort(
              (a, b) => Number(b.current) - Number(a.current) || b.used.localeCompare(a.used),
            )}
            columns={[
              {
                key: "device",
                ...sortedBy(!next, (row: Schemas["SessionShown"]) => deviceOf(row.agent)),
                title: say("device"),
                ellipsis: true,
                render: (_, row) => (
                  <>
                    {row.current && <strong>{say("current")} · </strong>}
                    {deviceOf(row.agent)}
                  </>
                ),
              },
              {
                key: "address",
                ...sortedBy(!next, (row: Schemas["SessionShown"]) => row.address),
                title: say("address"),
                width: 110,
                render: (_, row) => row.address ?? "–",
              },
              {
                key: "used",
                ...sortedBy(!next, (row: Schemas["SessionShown"]) => row.used),
                title: say("used"),
                width: 135,
                render: (_, row) => <Moment at={row.used} />,
              },
              {
                key: "ends",
                ...sortedBy(!next, (row: Schemas["SessionShown"]) => row.ends),
                title: say("ends"),
                width: 135,
                render: (_, row) => <Moment at={row.ends} />,
              },
              {
                key: "end",
                title: <ActsHead />,
                width: 80,
                render: (_, row) =>
                  row.current ? null : (
                    <Button size="small" onClick={() => end.mutate(row.id)}>
                      {say("end")}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Answered>
      <ProblemNote error={end.error ?? endOthers.error} />
    </>
  );
}

function Password() {
  const say = useWords(account);
  const { changePassword } = useSigning();
  const [form] = Form.useForm();
  const [done, setDone] = useState(false);
  const change = useChange(
    (of: { now: string; next: string }) => changePassword(of.now, of.next),
    STALE,
  );
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      onFinish={({ now, next }) => {
        setDone(false);
        change.mutate(
          { now, next },
          {
            onSuccess: () => {
              form.resetFields();
              setDone(true);
            },
          },
        );
      }}
    >
      <Form.Item name="now" label={say("now")} rules={[{ required: true, message: say("now") }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <NewPassword />
      {done && (
        <Alert type="success" showIcon title={say("changed")} style={{ marginBottom: 12 }} />
      )}
      <ProblemNote error={change.error} />
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {say("change")}
      </Button>
    </Form>
  );
}
