/** From a refusal to the request for access, with what was refused filled in. */
import { Link } from "@tanstack/react-router";
import { requests } from "../i18n/requests";
import { useWords } from "../i18n/words";

export type Wanted = {
  act?: string | undefined;
  object?: string | undefined;
  record?: string | undefined;
  reference?: string | undefined;
};

/** The address where a request begins. */
export function askAddress(wanted: Wanted): string {
  const said = Object.entries(wanted).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return `/requests?${new URLSearchParams([["ask", "yes"], ...said] as string[][])}`;
}

export function AskLink(props: Wanted) {
  const say = useWords(requests);
  return <Link to={askAddress(props) as string}>{say("ask")}</Link>;
}
