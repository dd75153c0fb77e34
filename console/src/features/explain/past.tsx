/** A refusal by its reference number: what was wanted and why it fell then, and the same question now. */

import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { actions, stages } from "../../i18n/decision";
import { explain } from "../../i18n/explain";
import { useWords } from "../../i18n/words";
import { usePart } from "../../ui/address";
import { useRefusal } from "../../ui/decision";
import { useNames } from "../../ui/directory";
import { moment, SECONDS } from "../../ui/moment";
import { useNamed } from "../../ui/named";
import { Facts, PageHeader } from "../../ui/page";
import { PersonTag } from "../../ui/person";
import { Answered } from "../../ui/state";
import { RecordTag, titleIn, useTitles } from "../../ui/titles";
import { Answer } from "./answer";
import { useFieldNames, useObjectNames } from "./names";
import { usePast } from "./queries";
import { addressOf, explanationOf, type Question } from "./question";

type PastShown = Omit<Schemas["Past"], "now"> & { now: object };

export default function Past() {
  const say = useWords(explain);
  const reference = usePart("reference");
  const found = usePast(reference);
  return (
    <>
      <PageHeader title={say("past", { n: reference })} about={say("about")} />
      <Answered of={found}>{(past) => <Both past={past as PastShown} />}</Answered>
    </>
  );
}

function questionOf(past: PastShown): Question {
  return {
    who: past.subject,
    act: past.action,
    object: past.object ?? undefined,
    record: past.record ?? undefined,
    fields: past.fields.join(",") || undefined,
  };
}

function Both(props: { past: PastShown }) {
  const say = useWords(explain);
  const names = useNames();
  const act = useNamed(actions);
  const stage = useNamed(stages);
  const refusal = useRefusal();
  const { past } = props;
  const titles = useTitles([past]);
  const objects = useObjectNames();
  const field = useFieldNames(past.object);
  const question = questionOf(past);
  return (
    <div className="split" style={{ gridTemplateColumns: "minmax(280px, 2fr) 3fr" }}>
      <section className="sheet">
        <h2 className="part" style={{ marginTop: 0 }}>
          {say("thenAt", { at: moment(past.at, SECONDS) })}
        </h2>
        <p>
          {say("thenWords", {
            who: names.user(past.subject),
            act: act(past.action),
            what: [objects(past.object), titleIn(titles, past.object ?? "", past.record ?? "")]
              .filter(Boolean)
              .join(" "),
          })}
        </p>
        {past.stage ? (
          <p className="verdict deny">{say("fallen", { stage: stage(past.stage) })}</p>
        ) : (
          <p className="quiet">{say("noStage")}</p>
        )}
        {past.refusal && <p>{refusal(past.refusal)}</p>}
        <Facts
          rows={[
            [
              say("who"),
              <PersonTag key="who" id={past.subject} name={names.user(past.subject)} withId />,
            ],
            [say("object"), objects(past.object)],
            [say("record"), <RecordTag key="record" {...past} titles={titles} />],
            [say("fields"), past.fields.map(field).join(", ") || "–"],
            ...((past.rules ?? []).length > 0
              ? ([[say("decisive"), past.rules?.join(", ")]] as const)
              : []),
          ]}
        />
      </section>
      <section className="sheet">
        <div className="tools" style={{ padding: 0 }}>
          <h2 className="part" style={{ margin: 0 }}>
            {say("nowAnswer")}
          </h2>
          <span className="rest">
            <Link to={addressOf(question) as string}>{say("askAgain")}</Link>
          </span>
        </div>
        <Answer
          answer={explanationOf(past.now)}
          question={question}
          reference={String(past.reference)}
        />
      </section>
    </div>
  );
}
