/** One set or group of sets beside the list: to whom it is given, what is in it, and what can be done with it. */
import { Link } from "@tanstack/react-router";
import { Button, Drawer, Space } from "antd";
import { useState } from "react";
import { access } from "../../../i18n/access";
import { sets as words } from "../../../i18n/sets";
import { useWords } from "../../../i18n/words";
import { useAddress } from "../../../ui/address";
import { save } from "../../../ui/csv";
import { Facts } from "../../../ui/page";
import { Missing } from "../../../ui/state";
import { holders } from "../holders";
import { usePrincipalName } from "../people";
import { nameOf, type Policy, principalOf, useObjectName, type World } from "../world";
import { Clone } from "./clone";
import { Risks } from "./parts";
import { setRows } from "./rows";

const NAMES_MAX = 30;

export function SetDrawer(props: { assigned: string; world: World }) {
  const { assigned, world } = props;
  const { policy } = world;
  const say = useWords(words);
  const sayAccess = useWords(access);
  const [, go] = useAddress();
  const [cloning, setCloning] = useState(false);
  const { id, kind } = principalOf(assigned);
  const isGroup = kind === "set_group";
  const content = isGroup ? policy.set_groups[id] : policy.sets[id];
  const row = setRows(policy).find(({ key }) => key === assigned);
  const file = () => save(`${id.replaceAll("/", "-")}.json`, JSON.stringify(content, null, 2));
  const matrix = isGroup
    ? `/set-groups/${encodeURIComponent(id)}/matrix`
    : `/sets/${encodeURIComponent(id)}/matrix`;
  return (
    <Drawer
      open
      size={560}
      title={nameOf(id, content)}
      onClose={() => go({ set: undefined })}
      footer={
        content && (
          <Space wrap>
            <Link to={matrix as string}>
              <Button type="primary">{say("open")}</Button>
            </Link>
            {!isGroup && <Button onClick={() => setCloning(true)}>{say("clone")}</Button>}
            {!isGroup && (
              <Link to={`/sets/${encodeURIComponent(id)}/compare` as string}>
                <Button>{say("compare")}</Button>
              </Link>
            )}
            <Button onClick={file}>{say("exportJson")}</Button>
          </Space>
        )
      }
    >
      {!content || !row ? (
        <Missing />
      ) : (
        <>
          <Facts
            rows={[
              [
                say("id"),
                <span key="id" className="code">
                  {id}
                </span>,
              ],
              [say("kind"), sayAccess(row.kind)],
              [
                say("risks"),
                row.risks.length > 0 ? <Risks key="r" policy={policy} row={row} /> : "–",
              ],
            ]}
          />
          <h3 className="part">{say("members")}</h3>
          <Holders policy={policy} assigned={assigned} />
          <h3 className="part">{say("profile")}</h3>
          {isGroup ? <GroupFacts policy={policy} id={id} /> : <SetFacts policy={policy} id={id} />}
        </>
      )}
      {cloning && <Clone world={world} set={id} onClose={() => setCloning(false)} />}
    </Drawer>
  );
}

function Holders(props: { policy: Policy; assigned: string }) {
  const say = useWords(words);
  const nameOfPrincipal = usePrincipalName(props.policy);
  const { direct, through } = holders(props.policy)(props.assigned);
  if (direct.length + through.length === 0) return <p className="quiet">{say("nobody")}</p>;
  const names = (all: readonly string[]) => (
    <>
      {all.slice(0, NAMES_MAX).map(nameOfPrincipal).join(" · ")}
      {all.length > NAMES_MAX && ` ${say("moreNames", { n: all.length - NAMES_MAX })}`}
    </>
  );
  return (
    <Facts
      rows={[
        ...(direct.length > 0
          ? [[`${say("direct")} (${direct.length})`, names(direct)] as const]
          : []),
        ...(through.length > 0
          ? [[`${say("through")} (${through.length})`, names(through)] as const]
          : []),
      ]}
    />
  );
}

function SetFacts(props: { policy: Policy; id: string }) {
  const { policy, id } = props;
  const say = useWords(words);
  const objectName = useObjectName(policy);
  const set = policy.sets[id];
  const groups = Object.entries(policy.set_groups).filter(([, { sets = [], muting = [] }]) =>
    [...sets, ...muting].includes(id),
  );
  const fields = Object.values(set?.fields ?? {}).reduce((n, of) => n + Object.keys(of).length, 0);
  return (
    <Facts
      rows={[
        [
          say("objects"),
          Object.keys(set?.objects ?? {})
            .map(objectName)
            .join(" · ") || "–",
        ],
        [say("fields"), fields],
        [
          say("system"),
          <span key="s" className="code">
            {(set?.system ?? []).join(", ") || "–"}
          </span>,
        ],
        [say("inGroups"), groups.map(([of, group]) => nameOf(of, group)).join(" · ") || "–"],
      ]}
    />
  );
}

function GroupFacts(props: { policy: Policy; id: string }) {
  const { policy, id } = props;
  const say = useWords(words);
  const [, go] = useAddress();
  const { sets = [], muting = [] } = policy.set_groups[id] ?? {};
  const links = (all: readonly string[]) =>
    all.map((set) => (
      <div key={set}>
        <Button type="link" className="plain" onClick={() => go({ set: `set:${set}` })}>
          {nameOf(set, policy.sets[set])}
        </Button>
      </div>
    ));
  return (
    <Facts
      rows={[
        [say("contains"), links(sets)],
        [say("mutes"), muting.length > 0 ? links(muting) : "–"],
      ]}
    />
  );
}
