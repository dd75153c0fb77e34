/** The last look before a change is saved: every place that differs, who gains and loses, and why it is done. */
import { Alert, Button, Drawer, Input, Spin } from "antd";
import { useState } from "react";
import { access } from "../../i18n/access";
import { useWords } from "../../i18n/words";
import { DiffView } from "../../ui/diff";
import { DoubtNote } from "../../ui/doubt";
import { ProblemNote } from "../../ui/problem";
import { conflicts, type Edits, keyOf, settle, stands } from "./draft";
import type { Draft } from "./drafting";
import { Effects } from "./effects";
import { holders } from "./holders";
import { usePrincipalName } from "./people";
import { kindAt, usePlaces } from "./places";
import { isConflict, type Preview, useAnew, usePreview, type useSave } from "./saving";
import type { World } from "./world";

const ROWS_MAX = 60;
const NAMES_MAX = 8;
const COUNTED = ["read", "edit", "delete"];

export function Review(props: {
  world: World;
  draft: Draft;
  save: ReturnType<typeof useSave>;
  onClose: () => void;
}) {
  const { world, draft, save } = props;
  const say = useWords(access);
  const [reason, setReason] = useState("");
  const [opened] = useState(world.revision.number);
  const torn = conflicts(world.policy, draft.edits);
  const preview = usePreview(world, draft.edits, torn.length === 0);
  const moved = isConflict(preview.error) || isConflict(save.error);
  useAnew(moved, save.forget);
  const ready = preview.data !== undefined && preview.data.problems.length === 0;
  const run = () => save.take({ world, edits: draft.edits, reason: reason.trim() });
  return (
    <Drawer
      open
      size={720}
      title={say("reviewTitle")}
      onClose={props.onClose}
      footer={
        <div className="saving">
          <label htmlFor="reason">{say("reason")}</label>
          <Input
            id="reason"
            value={reason}
            maxLength={500}
            placeholder={say("reasonHint")}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button
            type="primary"
            disabled={!ready || torn.length > 0 || reason.trim() === "" || save.unsettled}
            loading={save.busy}
            onClick={run}
          >
            {say("save")}
          </Button>
        </div>
      }
    >
      <DoubtNote name={say("save")} of={save} />
      {world.revision.number !== opened && torn.length === 0 && (
        <Alert
          type="info"
          showIcon
          title={say("conflictTitle")}
          description={say("conflictNone", { n: String(world.revision.number) })}
        />
      )}
      {torn.length > 0 && <Torn world={world} draft={draft} />}
      {!moved && <ProblemNote error={save.error ?? preview.error} />}
      {preview.isFetching && !preview.data && (
        <div className="quiet" role="status">
          <Spin size="small" /> {say("working")}
        </div>
      )}
      {preview.data && <Told world={world} edits={draft.edits} told={preview.data} />}
    </Drawer>
  );
}

/** What somebody else changed at the same places: one of the two holds. */
function Torn(props: { world: World; draft: Draft }) {
  const { world, draft } = props;
  const say = useWords(access);
  const places = usePlaces(world.policy);
  const torn = conflicts(world.policy, draft.edits);
  return (
    <Alert
      type="warning"
      showIcon
      title={say("conflictTitle")}
      description={
        <>
          <p>{say("conflictSome", { n: torn.length })}</p>
          <ul className="torn">
            {torn.map((edit) => {
              const there = stands(world.policy, edit);
              const choose = (whose: "mine" | "theirs") =>
                draft.replace(settle(world.policy, draft.edits, edit, whose));
              return (
                <li key={keyOf(edit)}>
                  <span>{places.inside(`${edit.kind}s`, edit.path) || edit.id}</span>
                  <Button size="small" onClick={() => choose("mine")}>
                    {say("mine", { value: places.valueAt(edit.path, edit.now) })}
                  </Button>
                  <Button size="small" onClick={() => choose("theirs")}>
                    {say("theirs", { value: places.valueAt(edit.path, there) })}
                  </Button>
                </li>
              );
            })}
          </ul>
        </>
      }
    />
  );
}

function Told(props: { world: World; edits: Edits; told: Preview }) {
  const { world, edits, told } = props;
  const say = useWords(access);
  const places = usePlaces(world.policy);
  const rows = told.differences.slice(0, ROWS_MAX).map((one) => places.row(one));
  const problems = told.problems as unknown as { place: string; what: string }[];
  return (
    <>
      {problems.length > 0 && (
        <Alert
          type="error"
          showIcon
          title={say("problems")}
          description={problems.map(({ place, what }) => (
            <div key={place + what}>
              <span className="code">{place}</span>: {what}
            </div>
          ))}
        />
      )}
      <h3 className="part">{say("differences")}</h3>
      <DiffView rows={rows} />
      {told.differences_count > rows.length && (
        <p className="quiet">
          {say("moreDifferences", { n: told.differences_count - rows.length })}
        </p>
      )}
      {problems.length === 0 && (
        <>
          <h3 className="part">{say("impact")}</h3>
          <p className="quiet">{say("impactAbout")}</p>
          {told.impact ? (
            <Effects policy={world.policy} gains={told.impact.gains} />
          ) : (
            <Alert type="info" showIcon title={say("impactTooMany")} />
          )}
          <Outside world={world} edits={edits} />
        </>
      )}
    </>
  );
}

/** What the numbers leave out, and whom the changed sets are given to: so nobody takes silence for no effect. */
function Outside(props: { world: World; edits: Edits }) {
  const { policy } = props.world;
  const say = useWords(access);
  const places = usePlaces(policy);
  const nameOf = usePrincipalName(policy);
  const all = [...props.edits.values()].filter(({ kind }) => kind === "set");
  const left = all.filter(
    ({ path }) => kindAt(path) === "scope" && !COUNTED.includes(path.at(-1) ?? ""),
  );
  const fields = all.filter(({ path }) => kindAt(path) === "access");
  const of = holders(policy);
  const named = [...new Set(all.map(({ id }) => `set:${id}`))].flatMap((set) => {
    const { direct, through } = of(set);
    return [...direct, ...through];
  });
  const who = [...new Set(named)].map(nameOf);
  const short = [...left, ...fields].slice(0, NAMES_MAX);
  const what = short.map(
    ({ path, now }) => `${places.inside("sets", path)} → ${places.valueAt(path, now)}`,
  );
  if (left.length + fields.length > what.length) what.push("…");
  return (
    <>
      {what.length > 0 && <p>{say("outside", { what: what.join(" · ") })}</p>}
      {who.length > 0 && (
        <p className="quiet">
          {say("holders", {
            who: `${who.slice(0, NAMES_MAX).join(", ")}${who.length > NAMES_MAX ? ` (+${who.length - NAMES_MAX})` : ""}`,
          })}
        </p>
      )}
    </>
  );
}
