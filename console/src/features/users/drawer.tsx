/** One user beside the list. The address names the user and the tab, so it can be sent as a link. */
import { Drawer, Tabs } from "antd";
import { trees } from "../../i18n/trees";
import { users } from "../../i18n/users";
import { useWords } from "../../i18n/words";
import { useMay } from "../../session";
import { useAddress } from "../../ui/address";
import { useNames } from "../../ui/directory";
import { useNamed } from "../../ui/named";
import { Facts } from "../../ui/page";
import { PersonTag } from "../../ui/person";
import { Received } from "../../ui/received";
import { Answered } from "../../ui/state";
import { UserActs } from "./acts";
import { Effective } from "./effective";
import { History } from "./history";
import { Owned } from "./owned";
import { KindName, positionOf, Status, text } from "./parts";
import { useUser } from "./queries";
import { Sessions } from "./sessions";
import { Sources } from "./tab";

export function UserDrawer(props: { user: string }) {
  const say = useWords(users);
  const may = useMay();
  const [search, go] = useAddress();
  const found = useUser(props.user);
  const { user } = props;
  const tab = (
    key: string,
    label: string,
    children: React.ReactNode,
    needs: readonly string[] = [],
  ) => (may(needs) ? [{ key, label, children }] : []);
  const tabs = [
    ...tab("profile", say("profile"), <Profile user={user} />),
    ...tab("sources", say("sources"), <Sources user={user} />, ["guan.manage_assignments"]),
    ...tab("effective", say("effective"), <Effective user={user} />, ["guan.ask_about_others"]),
    ...tab("received", say("received"), <Received user={user} />, ["guan.ask_about_others"]),
    ...tab("owned", say("owned"), <Owned user={user} />),
    ...tab("sessions", say("sessions"), <Sessions user={user} />, ["guan.manage_credentials"]),
    ...tab("history", say("history"), <History user={user} />, ["guan.read_ledger"]),
  ];
  return (
    <Drawer
      open
      size={860}
      title={<PersonTag id={user} name={found.data?.value.content.name} withId />}
      onClose={() => go({ user: undefined, tab: undefined })}
      extra={found.data && <UserActs user={user} of={found.data} />}
    >
      <Tabs
        items={tabs}
        activeKey={search.tab ?? "profile"}
        destroyOnHidden
        onChange={(next) => go({ tab: next }, "replace")}
      />
    </Drawer>
  );
}

function Profile(props: { user: string }) {
  const say = useWords(users);
  const names = useNames();
  const tree = useNamed(trees);
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
                (user.placements ?? []).map((place) => {
                  // In the reporting line everybody stands at a place of their own name.
                  const own = place.node.startsWith("manager/");
                  const node = own
                    ? `${tree("Reporting line")} · ${names.node(place.node)}`
                    : names.node(place.node);
                  return (
                    <div key={place.node} title={place.node}>
                      {place.as === "head" && say("headOf", { node })}
                      {place.as !== "head" &&
                        (place.additional ? say("additional", { node }) : node)}
                    </div>
                  );
                }),
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
