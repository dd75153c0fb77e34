/** The reviewer's sign-off, or the form for it; on paper a line to sign. */
import { report as words } from "../../../i18n/switch-report";
import { useWords } from "../../../i18n/words";
import { at } from "../parts";
import { type Shown, useNames } from "../queries";
import { ReviewForm } from "../review";
import type { Steps } from "../steps";

export function SignOff(props: { shown: Shown; steps: Steps }) {
  const say = useWords(words);
  const nameOf = useNames();
  const { request, may } = props.shown;
  const { review } = request;
  if (!review) {
    return (
      <>
        <p>{say("notSigned")}</p>
        {may.includes("review") && (
          <div className="noprint">
            <ReviewForm steps={props.steps} />
          </div>
        )}
        <p className="onlyprint">{say("signature")}: ______________________________</p>
      </>
    );
  }
  const verdict = say(review.verdict === "findings" ? "findings" : "inOrder");
  return (
    <>
      <p>{say("signed", { by: nameOf(review.by) ?? review.by, at: at(review.at), verdict })}</p>
      {review.words && <p>{review.words}</p>}
    </>
  );
}
