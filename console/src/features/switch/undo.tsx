/** Undo: a dry run first, conflict by conflict, then the act with its result; and the undo of an undo. */
import { Link } from "@tanstack/react-router";
import { Alert, Radio, Select } from "antd";
import { useState } from "react";
import { undo as words } from "../../i18n/switch-undo";
import { useWords } from "../../i18n/words";
import { useSession } from "../../session";
import { useAddress, usePart as useAddressPart } from "../../ui/address";
import { DoubtNote } from "../../ui/doubt";
import { PageHeader } from "../../ui/page";
import { ProblemNote } from "../../ui/problem";
import { Answered } from "../../ui/state";
import { titleIn, useTitles } from "../../ui/titles";
import type { Plan } from "./documents";
import { hasEnded, useObjectName, useSentence } from "./parts";
import { type Shown, useNames, usePlan, useRequest, useRuns } from "./queries";
import { type Choices, decideAll, named, toOrder, type Which } from "./undo/choices";
import { Do } from "./undo/do";
import { Group } from "./undo/group";
import { Result } from "./undo/result";
import { Runs } from "./undo/runs";
import { useUndo } from "./undo/sending";

export default function UndoScreen() {
  const found = useRequest(useAddressPart("request"));
  return <Answered of={found}>{(shown) => <Page shown={shown} />}</Answered>;
}

function Page(props: { shown: Shown }) {
  const say = useWords(words);
  const sentence = useSentence();
  const [search] = useAddress();
  const { request } = props.shown;
  const over = request.state !== "open" || hasEnded(request);
  const overlay = request.opened?.overlay ?? request.id;
  return (
    <>
      <PageHeader
        title={say("title")}
        about={
          <>
            {sentence(request.wanted)}. {say("about")}
          </>
        }
        acts={
          <span className="links">
            <Link to={`/switch/${request.id}` as string}>{say("back")}</Link>
            <Link to={`/switch/${request.id}/report` as string}>{say("report")}</Link>
          </span>
        }
      />
      {over ? (
        <Undo key={search.run ?? ""} overlay={overlay} run={search.run} />
      ) : (
        <Alert showIcon type="warning" title={say("stillOpen")} />
      )}
    </>
  );
}

function Undo(props: { overlay: string; run: string | undefined }) {
  const say = useWords(words);
  const { overlay, run } = props;
  const [which, setWhich] = useState<Which>({ of: "window" });
  const [choices, setChoices] = useState<Choices>({});
  const whole = usePlan(overlay, toOrder({ of: "window" }, {}, run), true);
  const order = toOrder(which, choices, run);
  const found = usePlan(overlay, order, true);
  const runs = useRuns(overlay);
  const me = useSession().data?.user ?? "";
  const act = useUndo(overlay, me, () => setChoices({}));
  return (
    <>
      {run && <Alert showIcon type="info" className="gap" title={say("undoOf", { run })} />}
      {act.made && <Result outcome={act.made} />}
      <DoubtNote name={say("act")} of={act} />
      <ProblemNote error={act.error} />
      <div className="asking">
        <div>
          <Answered of={found}>
            {(plan) => (
              <>
                <Counts plan={plan} />
                {plan.groups.map((group) => (
                  <Group
                    key={group.entries.map(({ number }) => number).join()}
                    group={group}
                    choices={choices}
                    onChoose={(key, choice) => setChoices({ ...choices, [key]: choice })}
                  />
                ))}
                {plan.groups.length === 0 && <p>{say("empty")}</p>}
                {plan.next !== undefined && <p>{say("more", { n: plan.groups.length })}</p>}
              </>
            )}
          </Answered>
        </div>
        <aside>
          <Selection plan={whole.data} which={which} onChange={setWhich} />
          <Do
            plan={found.data}
            busy={act.busy}
            held={act.unsettled || runs.data === undefined}
            onDecide={(choice) => found.data && setChoices(decideAll(found.data, choice, choices))}
            onDo={(reason) => {
              const before = (runs.data?.items ?? []).map(({ id }) => id);
              act.take({ order, reason, before });
            }}
          />
          <Runs overlay={overlay} />
        </aside>
      </div>
    </>
  );
}

function Counts(props: { plan: Plan }) {
  const say = useWords(words);
  const { plan } = props;
  const tiles = [
    [say("ready"), plan.ready],
    [say("waiting"), plan.waiting],
    [say("undone"), plan.undone],
    [say("unfit"), plan.unfit],
  ] as const;
  return (
    <div className="tiles">
      {tiles.map(([name, n]) => (
        <div key={name} className="sheet tile">
          <span className="quiet">{name}</span>
          <b className="number">{n}</b>
        </div>
      ))}
    </div>
  );
}

function Selection(props: {
  plan: Plan | undefined;
  which: Which;
  onChange: (which: Which) => void;
}) {
  const say = useWords(words);
  const object = useObjectName();
  const nameOf = useNames();
  const { users, records } = named(props.plan);
  const titles = useTitles(records.map(({ object: of, id }) => ({ object: of, record: id })));
  const { which, onChange } = props;
  const choose = (of: Which["of"]) => {
    if (of === "user") return onChange({ of, user: users[0] ?? "" });
    if (of === "window") return onChange({ of });
    return onChange({ of, object: records[0]?.object ?? "", record: records[0]?.id ?? "" });
  };
  return (
    <section className="sheet asked">
      <h2>{say("which")}</h2>
      <Radio.Group
        vertical
        aria-label={say("which")}
        value={which.of}
        disabled={users.length === 0}
        onChange={(event) => choose(event.target.value as Which["of"])}
        options={[
          { value: "window", label: say("window") },
          { value: "user", label: say("user") },
          { value: "record", label: say("record") },
        ]}
      />
      {which.of === "user" && (
        <Select
          aria-label={say("whoseWrites")}
          value={which.user}
          style={{ width: "100%", marginTop: 8 }}
          options={users.map((id) => ({ value: id, label: nameOf(id) ?? id }))}
          onChange={(user) => onChange({ of: "user", user })}
        />
      )}
      {which.of === "record" && (
        <Select
          aria-label={say("whichRecord")}
          showSearch
          value={`${which.object} ${which.record}`}
          style={{ width: "100%", marginTop: 8 }}
          options={records.map((one) => ({
            value: `${one.object} ${one.id}`,
            label: `${object(one.object)} ${titleIn(titles, one.object, one.id)}`,
          }))}
          onChange={(key) => {
            const one = records.find(({ object: of, id }) => `${of} ${id}` === key);
            if (one) onChange({ of: "record", object: one.object, record: one.id });
          }}
        />
      )}
    </section>
  );
}
