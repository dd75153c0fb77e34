/** A map of many sets at once: objects against sets, coloured by how far one action goes. */
import { useNavigate } from "@tanstack/react-router";
import { Select } from "antd";
import { useMemo, useState } from "react";
import { access } from "../../../i18n/access";
import { map as words } from "../../../i18n/map";
import { useWords } from "../../../i18n/words";
import { useAddress } from "../../../ui/address";
import { SearchBox } from "../../../ui/list";
import { PageHeader } from "../../../ui/page";
import { Answered, Empty } from "../../../ui/state";
import type { CellView, Model } from "../grid/body";
import { blockOf, FIRST, type Selection } from "../grid/range";
import { Sheet } from "../grid/sheet";
import { ACTIONS, isRisky, strength, toTsv } from "../levels";
import { useLevels } from "../words";
import { nameOf, useObjectName, useWorld, type World } from "../world";
import { reachOf } from "./reach";

const KINDS = ["profile", "permission_set", "security_role", "muting"] as const;

export default function Heat() {
  const say = useWords(words);
  const world = useWorld();
  return (
    <>
      <PageHeader title={say("title")} about={say("about")} />
      <Answered of={world}>{(data) => <Chart world={data} />}</Answered>
    </>
  );
}

function Chart(props: { world: World }) {
  const { policy } = props.world;
  const say = useWords(words);
  const sayAccess = useWords(access);
  const levels = useLevels();
  const objectName = useObjectName(policy);
  const navigate = useNavigate();
  const [search, go] = useAddress();
  const [selection, select] = useState<Selection>(FIRST);
  const action = search.action ?? "read";
  const { kind } = search;
  const sought = (search.q ?? "").trim().toLowerCase();
  const sets = useMemo(
    () =>
      Object.keys(policy.sets).filter(
        (id) => !kind || (policy.sets[id]?.kind ?? "permission_set") === kind,
      ),
    [policy, kind],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: names are in the language, which makes `levels` anew
  const objects = useMemo(
    () =>
      Object.keys(policy.objects).filter((id) =>
        `${id} ${objectName(id)}`.toLowerCase().includes(sought),
      ),
    [policy, sought, levels],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const model = useMemo<Model>(
    () => ({
      rows: objects.length,
      columns: sets.map((id) => ({ key: id, title: nameOf(id, policy.sets[id]) })),
      rowKey: (at) => objects[at] ?? String(at),
      head: (at) => <b className="cut">{objectName(objects[at] ?? "")}</b>,
      cell: (at, column): CellView | undefined => {
        const [object, id] = [objects[at], sets[column]];
        const set = id === undefined ? undefined : policy.sets[id];
        if (object === undefined || id === undefined || !set) return undefined;
        const reach = reachOf(set, object, action);
        const text = levels.value("scope", reach);
        return {
          kind: "scope",
          text: reach === "none" ? "–" : text,
          level: strength("scope", reach),
          spoken: `${nameOf(id, set)}, ${text}`,
          changed: false,
          risky: isRisky("scope", action, reach),
        };
      },
    }),
    [objects, sets, action, levels, policy],
  );
  const onCopy = () => {
    const { top, bottom, left, right } = blockOf(selection);
    return toTsv(
      objects
        .slice(top, bottom + 1)
        .map((object) =>
          sets.slice(left, right + 1).map((id) => reachOf(policy.sets[id] ?? {}, object, action)),
        ),
    );
  };
  return (
    <div className="sheet filled">
      <div className="tools">
        <SearchBox placeholder={say("search")} width={200} />
        <Select
          aria-label={say("action")}
          value={action}
          style={{ width: 170 }}
          options={[...ACTIONS, ...Object.keys(policy.actions)].map((value) => ({
            value: value as string,
            label: levels.action(value),
          }))}
          onChange={(next) => go({ action: next }, "replace")}
        />
        <Select
          aria-label={say("kinds")}
          value={kind ?? ""}
          style={{ width: 170 }}
          options={[
            { value: "", label: say("allKinds") },
            ...KINDS.map((value) => ({ value: value as string, label: sayAccess(value) })),
          ]}
          onChange={(next) => go({ kind: next || undefined }, "replace")}
        />
        <span className="quiet">{say("open")}</span>
      </div>
      {objects.length === 0 || sets.length === 0 ? (
        <Empty title={say("nothing")}>{say("nothingWhy")}</Empty>
      ) : (
        <Sheet
          name="map"
          className="heat"
          label={say("title")}
          model={model}
          selection={selection}
          onSelect={select}
          onCopy={onCopy}
          onOpen={({ row, column }) => {
            const set = encodeURIComponent(sets[column] ?? "");
            void navigate({
              to: `/sets/${set}/matrix` as string,
              search: { q: objects[row] } as never,
            });
          }}
          corner={say("object")}
          columnWidth={112}
          headWidth={220}
        />
      )}
    </div>
  );
}
