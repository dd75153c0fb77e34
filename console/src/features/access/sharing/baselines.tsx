/** The default access of each object, and by which roll-ups reach flows up. */
import { Select, Table } from "antd";
import { sharing as words } from "../../../i18n/sharing";
import { trees } from "../../../i18n/trees";
import { useWords } from "../../../i18n/words";
import { useLook } from "../../../look";
import { underTop } from "../../../ui/list";
import { useNamed } from "../../../ui/named";
import { Empty } from "../../../ui/state";
import { type Edits, keyOf, read } from "../draft";
import type { Draft } from "../drafting";
import { nameOf, type Policy, useObjectName } from "../world";
import { labelled } from "./labels";

const LEVELS = ["private", "read", "edit", "edit_assign", "full"] as const;
const PARENT = "controlled_by_parent:";

type Baseline = string | { controlled_by_parent: string };

/** A baseline as one word for a select, and back. */
export const wordOf = (baseline: Baseline | undefined): string =>
  typeof baseline === "object" ? PARENT + baseline.controlled_by_parent : (baseline ?? "private");

export const baselineOf = (word: string): Baseline =>
  word.startsWith(PARENT) ? { controlled_by_parent: word.slice(PARENT.length) } : word;

type Row = { id: string };

export function Baselines(props: { policy: Policy; draft: Draft; may: boolean }) {
  const { policy, draft, may } = props;
  const say = useWords(words);
  const { density } = useLook();
  const objectName = useObjectName(policy);
  const place = (id: string, path: readonly string[]) => ({ kind: "object" as const, id, path });
  const mark = (edits: Edits, id: string, path: readonly string[]) =>
    edits.has(keyOf(place(id, path))) ? "mine" : "";
  const level = (of: "internal" | "external") => ({
    key: of,
    title: say(of),
    width: 260,
    render: (_: unknown, { id }: Row) => {
      const path = ["baseline", of];
      const now = read(policy, draft.edits, place(id, path)) as Baseline | undefined;
      const relations = policy.objects[id]?.relations ?? {};
      const parents = labelled(Object.keys(relations), (relation) =>
        objectName(relations[relation]?.parent ?? relation),
      );
      return (
        <Select
          aria-label={`${objectName(id)}: ${say(of)}`}
          className={mark(draft.edits, id, path)}
          style={{ width: "100%" }}
          disabled={!may}
          value={wordOf(now)}
          options={[
            ...LEVELS.map((one) => ({ value: one as string, label: say(one) })),
            ...parents.map(({ value, label }) => ({
              value: PARENT + value,
              label: say("controlled_by_parent", { relation: label }),
            })),
          ]}
          onChange={(word) => draft.change([{ ...place(id, path), now: baselineOf(word) }])}
        />
      );
    },
  });
  const treeName = useNamed(trees);
  const rollUps = labelled(Object.keys(policy.roll_ups), (id) => {
    const tree = policy.roll_ups[id]?.tree ?? "";
    return treeName(nameOf(tree, policy.trees[tree]));
  });
  return (
    <>
      <p className="quiet note">{say("baselinesWhy")}</p>
      <Table<Row>
        rowKey="id"
        size={density === "compact" ? "small" : "middle"}
        pagination={false}
        sticky={underTop}
        dataSource={Object.keys(policy.objects).map((id) => ({ id }))}
        locale={{ emptyText: <Empty /> }}
        columns={[
          {
            key: "object",
            title: say("object"),
            width: 220,
            render: (_, { id }) => <b title={id}>{objectName(id)}</b>,
          },
          level("internal"),
          level("external"),
          {
            key: "upwards",
            title: say("upwards"),
            render: (_, { id }) => {
              const path = ["roll_ups"];
              const now = read(policy, draft.edits, place(id, path)) as string[] | undefined;
              return (
                <Select
                  aria-label={`${objectName(id)}: ${say("upwards")}`}
                  className={mark(draft.edits, id, path)}
                  mode="multiple"
                  style={{ width: "100%", minWidth: 180 }}
                  disabled={!may}
                  value={now ?? []}
                  options={rollUps}
                  onChange={(next: string[]) =>
                    draft.change([{ ...place(id, path), now: next.length > 0 ? next : undefined }])
                  }
                />
              );
            },
          },
        ]}
      />
    </>
  );
}
