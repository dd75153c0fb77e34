/** A term of the glossary beside where it is used, with the page of the guide that says more. */
import { terms } from "../i18n/terms";
import { useWords } from "../i18n/words";
import { TermHelp } from "./help";

type Terms = typeof terms;
/** Terms that have their sentence. */
export type TermName = {
  [K in keyof Terms]: `${K}Why` extends keyof Terms ? K : never;
}[keyof Terms];

export function Term(props: { name: TermName; guide?: string }) {
  const say = useWords(terms);
  const why = `${props.name}Why` as keyof Terms;
  return (
    <TermHelp term={say(props.name)} guide={props.guide ?? "concepts"}>
      {say(why)}
    </TermHelp>
  );
}
