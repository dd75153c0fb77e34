/** What the report proves, what could be narrower next time, and what is suggested. */
import { actionWord } from "../../../i18n/switch-acts";
import { report as words } from "../../../i18n/switch-report";
import { useLanguage, useWords } from "../../../i18n/words";
import { Facts } from "../../../ui/page";
import { RecordTag, useTitles } from "../../../ui/titles";
import type { SelfTest, Suggestion, WindowEvidence, WindowReport } from "../documents";
import { useObjectName, useSpan } from "../parts";
import { useNames } from "../queries";

export function Floor(props: { floor: WindowReport["floor"] }) {
  const say = useWords(words);
  const { rows, touched, outside } = props.floor;
  return (
    <>
      <p>{say("floorSays", { n: rows })}</p>
      {touched.length + outside.length === 0 && <p>{say("v_floor")}</p>}
      {touched.length > 0 && <p>{say("touched", { rows: touched.join(", ") })}</p>}
      {outside.length > 0 && <p>{say("outside", { rows: outside.join(", ") })}</p>}
    </>
  );
}

export function Policy(props: { policy: WindowEvidence["policy"] }) {
  const say = useWords(words);
  const { policy } = props;
  return (
    <>
      <p>
        <strong>{say(policy.unchanged ? "v_policy" : "v_policyNot")}</strong>{" "}
        {say("policySays", { before: policy.revision, after: policy.end_revision })}{" "}
        {policy.current_revision !== policy.end_revision &&
          say("policyNow", { n: policy.current_revision })}
      </p>
      <Facts
        rows={[
          [
            say("before"),
            <span key="before" className="code">
              {policy.before}
            </span>,
          ],
          [
            say("after"),
            <span key="after" className="code">
              {policy.after}
            </span>,
          ],
        ]}
      />
    </>
  );
}

export function SelfTested(props: { test: SelfTest | null }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const object = useObjectName();
  const nameOf = useNames();
  const { test } = props;
  const titles = useTitles(test?.still_allowed ?? []);
  if (!test) return <p className="quiet">{say("selfYet")}</p>;
  return (
    <>
      <p>{say("selfSays", { of: test.of, asked: test.asked, refused: test.refused })}</p>
      <ul className="plain">
        {test.still_allowed.map((one) => (
          <li key={one.sequence}>
            {nameOf(one.user) ?? one.user}: {actionWord(one.action, language)} {object(one.object)}{" "}
            <RecordTag {...one} titles={titles} />{" "}
            {one.overlay ? say("stillBy", { id: one.overlay }) : say("stillPolicy")}
          </li>
        ))}
      </ul>
    </>
  );
}

export function Unused(props: { unused: WindowReport["unused"] }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const span = useSpan();
  const object = useObjectName();
  const nameOf = useNames();
  const { objects, actions, users, idle } = props.unused;
  const names = [
    ...objects.map(object),
    ...actions.map((id) => actionWord(id, language)),
    ...users.map((id) => nameOf(id) ?? id),
  ];
  return (
    <>
      <p>
        {names.length === 0 ? say("unusedNone") : say("unusedSays")} {names.join(", ")}
      </p>
      {idle != null && idle >= 1000 && <p>{say("idle", { long: span(idle) })}</p>}
    </>
  );
}

export function Suggestions(props: { all: readonly Suggestion[] }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const object = useObjectName();
  const nameOf = useNames();
  if (props.all.length === 0) return <p className="quiet">{say("none")}</p>;
  const kinds: Record<string, string> = {
    grant: say("k_grant"),
    reach: say("k_reach"),
    field: say("k_field"),
    restriction: say("k_restriction"),
  };
  return (
    <>
      <p className="quiet">{say("suggestWhy")}</p>
      <ul className="plain">
        {props.all.map((one) => (
          <li key={`${one.user} ${one.action} ${one.object} ${one.refusal}`}>
            {say("suggest", {
              user: nameOf(one.user) ?? one.user,
              action: actionWord(one.action, language),
              object: object(one.object),
              times: one.times,
              records: one.records,
              kind: kinds[one.kind] ?? one.kind,
            })}
          </li>
        ))}
      </ul>
    </>
  );
}
