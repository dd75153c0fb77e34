/** Departments and teams: the trees with their people, and groups. */

import { Tabs } from "antd";
import { departments } from "../../i18n/departments";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { useNodes } from "../../ui/directory";
import { PageHeader } from "../../ui/page";
import { Answered, Empty } from "../../ui/state";
import { Term } from "../../ui/term";
import { Groups } from "./groups";
import { useTrees } from "./queries";
import { titleOf } from "./tree";
import { OneTree } from "./view";

export default function Structure() {
  const say = useWords(departments);
  const [search, go] = useAddress();
  const trees = useTrees();
  const nodes = useNodes().data;
  const ofNode = nodes?.find(({ id }) => id === search.node)?.content.tree;
  return (
    <>
      <PageHeader
        title={say("title")}
        about={
          <>
            {say("about")} <Term name="rollUp" />
          </>
        }
      />
      <Answered of={trees}>
        {(all) => {
          // The role hierarchy first, the reporting line behind it.
          const rank = ["role", "unit", "manager", "dimension"];
          const ordered = [...all].sort(
            (a, b) => rank.indexOf(a.content.kind) - rank.indexOf(b.content.kind),
          );
          const tabs = ordered.map(({ id, content }) => ({
            key: id,
            label: titleOf(say(content.kind), content.name || id),
            children: <OneTree tree={id} />,
          }));
          return (
            <Tabs
              activeKey={search.tab ?? ofNode ?? ordered[0]?.id ?? "groups"}
              destroyOnHidden
              onChange={(tab) => go({ tab, node: undefined, group: undefined }, "replace")}
              items={[
                ...(tabs.length > 0
                  ? tabs
                  : [
                      {
                        key: "none",
                        label: say("title"),
                        children: <Empty title={say("noTrees")}>{say("noTreesWhy")}</Empty>,
                      },
                    ]),
                { key: "groups", label: say("groups"), children: <Groups /> },
              ]}
            />
          );
        }}
      </Answered>
    </>
  );
}
