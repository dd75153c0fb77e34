/** One tree, drawn as far as it is seen; a node dropped onto another is moved, after a preview. */
import { Alert, Input, Segmented, Tree } from "antd";
import { useMemo, useState } from "react";
import { departments } from "../../i18n/departments";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { useNames, useNodes } from "../../ui/directory";
import { Revise } from "../../ui/revise";
import { isSought } from "../../ui/sought";
import { Answered, Empty, Loading } from "../../ui/state";
import { OrganizationChart } from "./chart";
import { NodeDetails } from "./details";
import { useEverybody } from "./queries";
import { type Branch, branchesOf, branchOf, kept, mayMove, peopleAt, type UserRow } from "./tree";

const HEIGHT = 560;
/** As many people are read at once. */
const PEOPLE_MAX = 2_000;

export function OneTree(props: { tree: string }) {
  const everybody = useEverybody();
  return <Answered of={everybody}>{(users) => <Drawn tree={props.tree} users={users} />}</Answered>;
}

function Drawn(props: { tree: string; users: readonly UserRow[] }) {
  const say = useWords(departments);
  const names = useNames();
  const [search, go] = useAddress();
  const nodes = useNodes();
  const [typed, setTyped] = useState("");
  const [move, setMove] = useState<{ id: string; to: string }>();
  const branches = useMemo(
    () => branchesOf(props.tree, nodes.data ?? [], peopleAt(props.users)),
    [props.tree, props.users, nodes.data],
  );
  if (!nodes.data) return <Loading />;
  const title = (branch: Branch) => (
    <>
      {names.node(branch.key)}{" "}
      <span className="quiet number">
        {branch.people
          .map(({ user }) => user.content.name || user.id)
          .slice(0, 3)
          .join(" · ")}
        {branch.people.length > 3 && ` +${branch.people.length - 3}`}
      </span>
    </>
  );
  type Item = { key: string; title: React.ReactNode; children: Item[] };
  const item = (branch: Branch): Item => ({
    key: branch.key,
    title: title(branch),
    children: branch.children.map(item),
  });
  const meant = (branch: Branch) => {
    const text = [
      names.node(branch.key),
      branch.key,
      ...branch.people.map(({ user }) => `${user.content.name} ${user.id}`),
    ];
    return typed.trim() !== "" && isSought(typed, text);
  };
  const asChart = search.view === "chart";
  const chosen = search.node ? branchOf(branches, search.node) : undefined;
  return (
    <div
      className="split"
      style={{
        gridTemplateColumns: asChart ? "minmax(0, 1fr)" : "minmax(0, 1fr) minmax(320px, 1fr)",
      }}
    >
      <section className="sheet">
        <div className="tools" style={{ padding: "0 0 10px" }}>
          <Input
            allowClear
            style={{ width: 260 }}
            aria-label={say("find")}
            placeholder={say("find")}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Segmented
            aria-label={say("look")}
            value={asChart ? "chart" : "list"}
            options={[
              { value: "list", label: say("lookList") },
              { value: "chart", label: say("lookChart") },
            ]}
            onChange={(view) => go({ view: view === "chart" ? "chart" : undefined }, "replace")}
          />
          <span className="quiet">{say(asChart ? "chartKeys" : "drag")}</span>
        </div>
        {props.users.length >= PEOPLE_MAX && <Alert type="info" showIcon title={say("cut")} />}
        {asChart ? (
          <OrganizationChart
            key={props.tree}
            branches={typed === "" ? branches : branches.flatMap((branch) => kept(branch, meant))}
            chosen={search.node}
            onChoose={(node) => go({ node }, "replace")}
          />
        ) : (
          <Tree
            aria-label={say("title")}
            height={HEIGHT}
            blockNode
            draggable={{ icon: false }}
            defaultExpandAll
            treeData={branches.map(item)}
            selectedKeys={search.node ? [search.node] : []}
            filterTreeNode={({ key }) => {
              const branch = branchOf(branches, String(key));
              return branch !== undefined && meant(branch);
            }}
            onSelect={([key]) =>
              go({ node: key === undefined ? undefined : String(key) }, "replace")
            }
            onDrop={({ dragNode, node }) => {
              const [id, to] = [String(dragNode.key), String(node.key)];
              if (mayMove(branches, id, to)) setMove({ id, to });
            }}
          />
        )}
      </section>
      <section className="sheet" aria-live="polite">
        {chosen ? (
          <NodeDetails
            key={chosen.key}
            branch={chosen}
            branches={branches}
            onMove={(to) => setMove({ id: chosen.key, to })}
          />
        ) : (
          <Empty title={say("choose")}>{say("chooseWhy")}</Empty>
        )}
      </section>
      {move && <Move {...move} branches={branches} onClose={() => setMove(undefined)} />}
    </div>
  );
}

function Move(props: { id: string; to: string; branches: readonly Branch[]; onClose: () => void }) {
  const say = useWords(departments);
  const names = useNames();
  const { id, to } = props;
  const node = branchOf(props.branches, id)?.node;
  if (!node) return null;
  return (
    <Revise
      title={say("moveTitle", { node: names.node(id), parent: names.node(to) })}
      edits={{ put: [{ kind: "node", id, content: { ...node.content, parent: to } as never }] }}
      onDone={props.onClose}
      onCancel={props.onClose}
    />
  );
}
