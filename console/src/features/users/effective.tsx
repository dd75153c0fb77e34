/** What a user may in the end, object by object, with the set that gives it beside each cell. */

import { useMemo } from "react";
import { actions, scopes } from "../../i18n/decision";
import { users } from "../../i18n/users";
import { useWords } from "../../i18n/words";
import { useObjectChoices } from "../../ui/choice";
import { usePrincipal } from "../../ui/decision";
import { VirtualGrid } from "../../ui/grid";
import { useNamed } from "../../ui/named";
import { Answered } from "../../ui/state";
import { Term } from "../../ui/term";
import { type Matrices, useEffective, useStructure, useUser } from "./queries";
import { sourcesOf, winners } from "./sources";

const ROW = 52;

export function Effective(props: { user: string }) {
  const say = useWords(users);
  const user = useUser(props.user).data?.value.content;
  const structure = useStructure().data;
  const sets = useMemo(() => {
    if (!user || !structure) return null;
    return [
      ...new Set(sourcesOf(props.user, user, structure).map(({ assignment }) => assignment.what)),
    ];
  }, [props.user, user, structure]);
  const found = useEffective(props.user, sets);
  return (
    <>
      <p className="quiet">
        {say("effectiveWhy")} <Term name="scope" />
      </p>
      <Answered of={found}>{(all) => <Cells of={all} />}</Answered>
    </>
  );
}

function Cells(props: { of: Matrices }) {
  const say = useWords(users);
  const act = useNamed(actions);
  const scope = useNamed(scopes);
  const principal = usePrincipal();
  const named = new Map(useObjectChoices().map(({ value, label }) => [value, label]));
  const { own, sets } = props.of;
  const { objects, verbs, system } = useMemo(() => {
    const cells = [...own.values()];
    const ofObjects = cells.filter(({ kind, field }) => kind === "object" && !field);
    return {
      objects: [...new Set(ofObjects.map(({ object }) => object))],
      verbs: [...new Set(ofObjects.map(({ action }) => action))],
      system: cells.filter(({ kind }) => kind === "system").map(({ action }) => action),
    };
  }, [own]);
  const key = (row: number, column: number) => `object ${objects[row]}  ${verbs[column]}`;
  const from = (at: string, value: string) => {
    const won = winners(
      value,
      sets.map(({ of, cells }) => ({ of, value: cells.get(at)?.value })),
    );
    return won.length > 0 ? won.map(principal).join(", ") : say("winnerNone");
  };
  return (
    <>
      <VirtualGrid
        label={say("effective")}
        rows={objects.length}
        columns={verbs.length}
        height={Math.min(ROW * (objects.length + 1) + 4, 420)}
        rowHeight={ROW}
        columnWidth={150}
        headWidth={170}
        rowHead={(row) => named.get(objects[row] ?? "") ?? objects[row]}
        columnHead={(column) => act(verbs[column] ?? "")}
        cell={({ row, column }) => {
          const at = key(row, column);
          const value = own.get(at)?.value ?? "none";
          if (value === "none") return <span className="quiet">{scope("none")}</span>;
          const source = from(at, value);
          return (
            <div className="twofold" title={say("winner", { set: source })}>
              <div>{scope(value)}</div>
              <div className="quiet">{source}</div>
            </div>
          );
        }}
      />
      <h3 className="part">{say("powers")}</h3>
      <p className="code">{system.join(", ") || "–"}</p>
    </>
  );
}
