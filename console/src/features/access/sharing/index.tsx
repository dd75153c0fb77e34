/** What people reach beside their sets: defaults, sharing rules, restrictions and roll-ups, changed as one revision. */
import { PlusOutlined } from "@ant-design/icons";
import { Button, Tabs } from "antd";
import { sharing as words } from "../../../i18n/sharing";
import { useWords } from "../../../i18n/words";
import { useMay } from "../../../session";
import { useAddress } from "../../../ui/address";
import { SearchBox } from "../../../ui/list";
import { PageHeader } from "../../../ui/page";
import { Answered } from "../../../ui/state";
import { useDraft } from "../drafting";
import { Pending } from "../pending";
import { useSourced } from "../source";
import { nameOf, useWorld, type World } from "../world";
import { Baselines } from "./baselines";
import { Editor } from "./editor";
import type { EntityKind } from "./entities";
import { Restrictions, RollUps, Rules } from "./lists";

export default function Sharing() {
  const say = useWords(words);
  const world = useWorld();
  return (
    <>
      <PageHeader title={say("title")} about={say("about")} />
      <Answered of={world}>{(data) => <Screen world={data} />}</Answered>
    </>
  );
}

const KINDS: Readonly<Record<string, EntityKind>> = {
  rules: "rule",
  restrictions: "restriction",
  rollups: "roll_up",
};

function Screen(props: { world: World }) {
  const { world } = props;
  const { policy } = world;
  const say = useWords(words);
  const sourced = useSourced(policy);
  const may = useMay()(["guan.manage_sharing"]);
  const [search, go] = useAddress();
  const draft = useDraft("sharing", policy);
  const tab = search.tab ?? "rules";
  const kind = KINDS[tab];
  const list = {
    policy,
    draft,
    search: search.q ?? "",
    onOpen: (entity: string) => go({ entity }),
  };
  const news = {
    rule: say("newRule"),
    restriction: say("newRestriction"),
    roll_up: say("newRollUp"),
  };
  const title = (of: EntityKind, id: string) => {
    if (id === "new") return news[of];
    if (of === "rule") return nameOf(id, policy.rules[id]);
    return of === "restriction" ? nameOf(id, policy.restrictions[id]) : id;
  };
  return (
    <>
      <div className="sheet">
        <Tabs
          className="inside"
          activeKey={tab}
          onChange={(next) => go({ tab: next, entity: undefined, q: undefined })}
          items={[
            { key: "rules", label: say("rules") },
            { key: "baselines", label: sourced(say("baselines"), "baselines") },
            { key: "restrictions", label: say("restrictions") },
            { key: "rollups", label: say("rollUps") },
          ]}
        />
        {kind && (
          <div className="tools">
            <SearchBox placeholder={say("search")} />
            <span className="rest">
              {may && (
                <Button icon={<PlusOutlined />} onClick={() => go({ entity: "new" })}>
                  {news[kind]}
                </Button>
              )}
            </span>
          </div>
        )}
        {tab === "baselines" && <Baselines policy={policy} draft={draft} may={may} />}
        {tab === "rules" && <Rules {...list} />}
        {tab === "restrictions" && <Restrictions {...list} />}
        {tab === "rollups" && <RollUps {...list} />}
      </div>
      <Pending world={world} draft={draft} />
      {kind && search.entity && (
        <Editor
          key={kind + search.entity}
          world={world}
          draft={draft}
          kind={kind}
          entity={search.entity}
          title={title(kind, search.entity)}
          onClose={() => go({ entity: undefined })}
        />
      )}
    </>
  );
}
