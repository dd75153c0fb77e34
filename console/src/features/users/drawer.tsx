/** One user beside the list. The address names the user and the tab, so it can be sent as a link. */
import { Drawer, Table, Tabs } from "antd";
import dayjs from "dayjs";
import { users } from "../../i18n/users";
import { useWords } from "../../i18n/words";
import { useMay } from "../../session";
import { useAddress } from "../../ui/address";
import { Facts } from "../../ui/page";
import { PersonTag } from "../../ui/person";
import { Answered } from "../../ui/state";
import { KindName, positionOf, Status, text } from "./parts";
import { useCredentials, useUser } from "./queries";

export function UserDrawer(props: { user: string }) {
  const say = useWords(users);
  const may = useMay();
  const [search, go] = useAddress();
  const found = useUser(props.user);
  const tabs = [
    { key: "profile", label: say("profile"), children: <Profile user={props.user} /> },
    ...(may(["guan.manage_credentials"])
      ? [{ key: "sessions", label: say("sessions"), children: <Sessions user={props.user} /> }]
      : []),
  ];
  return (
    <Drawer
      open
      size={640}
      title={<PersonTag id={props.user} name={found.data?.value.content.name} withId />}
      onClose={() => go({ user: undefined, tab: undefined })}
    >
      <Tabs
        items={tabs}
        activeKey={search.tab ?? "profile"}
        destroyOnHidden
        onChange={(tab) => go({ tab }, "replace")}
      />
    </Drawer>
  );
}

function Profile(props: { user: string }) {
  const say = useWords(users);
  const found = useUser(props.user);
  return (
    <Answered of={found}>
      {({ value: { content: user } }) => (
        <>
          <Facts
            rows={[
              [say("status"), <Status key="status" active={user.active ?? true} />],
              [say("kind"), <KindName key="kind" kind={user.kind} />],
              [say("position"), positionOf(user)],
              [say("department"), text(user.attributes, "Department") || "–"],
              [
                say("places"),
                (user.placements ?? []).map(({ node, as, additional }) => (
                  <div key={node}>
                    {as === "head" && say("headOf", { node })}
                    {as !== "head" && (additional ? say("additional", { node }) : node)}
                  </div>
                )),
              ],
            ]}
          />
          <h3 className="part">{say("attributes")}</h3>
          <Facts
            rows={Object.entries(user.attributes ?? {}).map(([name, value]) => [
              name,
              typeof value === "string" ? value : JSON.stringify(value),
            ])}
          />
        </>
      )}
    </Answered>
  );
}

const moment = (at: string | null | undefined) => (at ? dayjs(at).format("YYYY-MM-DD HH:mm") : "–");

function Sessions(props: { user: string }) {
  const say = useWords(users);
  const found = useCredentials(props.user);
  return (
    <Answered of={found}>
      {({ credentials, sessions }) => (
        <>
          <Facts
            rows={[
              [
                say("password"),
                credentials.password
                  ? say("passwordSet", { at: moment(credentials.changed) })
                  : say("passwordNone"),
              ],
              ...(credentials.must_change ? ([["", say("passwordOnce")]] as const) : []),
              [say("failed"), credentials.failed],
            ]}
          />
          <h3 className="part">{say("openSessions")}</h3>
          <Table
            rowKey="id"
            size="small"
            pagination={false}
            dataSource={sessions.items}
            locale={{ emptyText: <span className="quiet">{say("noSessions")}</span> }}
            columns={[
              {
                key: "agent",
                title: say("device"),
                ellipsis: true,
                render: (_, row) => row.agent ?? "–",
              },
              {
                key: "address",
                title: say("address"),
                width: 110,
                render: (_, row) => row.address ?? "–",
              },
              { key: "used", title: say("used"), width: 140, render: (_, row) => moment(row.used) },
              { key: "ends", title: say("ends"), width: 140, render: (_, row) => moment(row.ends) },
            ]}
          />
        </>
      )}
    </Answered>
  );
}
