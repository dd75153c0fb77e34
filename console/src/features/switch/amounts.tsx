/** What is gained and lost, with the error of an estimate. */
import { preview as words } from "../../i18n/switch-preview";
import { useWords } from "../../i18n/words";
import type { Amount } from "./documents";

const NONE: Amount = { gained: 0, lost: 0 };

/** The sum of some amounts; errors of an estimate add up at worst. */
export function sum(all: readonly Amount[]): Amount {
  return all.reduce<Amount>((total, one) => {
    const error = (total.gained_error ?? 0) + (one.gained_error ?? 0);
    const lost = (total.lost_error ?? 0) + (one.lost_error ?? 0);
    return {
      gained: total.gained + one.gained,
      lost: total.lost + one.lost,
      ...(error > 0 && { gained_error: error }),
      ...(lost > 0 && { lost_error: lost }),
    };
  }, NONE);
}

export const byAction = (all: readonly { action: string; records: Amount }[], action: string) =>
  all.find((one) => one.action === action)?.records ?? NONE;

/** Gained and lost with their errors. */
export function Change(props: { of: Amount }) {
  const say = useWords(words);
  const { gained, lost, gained_error, lost_error } = props.of;
  if (gained === 0 && lost === 0) return <span className="quiet">–</span>;
  return (
    <span className="number">
      {gained > 0 && <b>{say("gained", { n: gained })}</b>}
      {gained_error != null && <span className="quiet"> {say("error", { n: gained_error })}</span>}
      {gained > 0 && lost > 0 && " "}
      {lost > 0 && say("lost", { n: lost })}
      {lost > 0 && lost_error != null && (
        <span className="quiet"> {say("error", { n: lost_error })}</span>
      )}
    </span>
  );
}
