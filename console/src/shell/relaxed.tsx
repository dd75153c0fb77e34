/** What an open window relaxes and for whom, for who answers for the switch: read from its request. */
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { objectName } from "../i18n/objects";
import { shell } from "../i18n/shell";
import { offSwitch } from "../i18n/switch";
import { useLanguage, useWords } from "../i18n/words";
import { useMyObjects, useSession } from "../session";
import { SWITCH } from "../switch";
import { useColleagueName } from "../ui/directory";
import { useScope } from "../ui/scope";

const FRESH_MS = 60_000;

/** Says it around what `children` makes of it; nothing of the scope while it is not known. */
export default function Relaxed(props: {
  request: string;
  children: (scope: readonly string[]) => React.ReactNode;
}) {
  const { request } = props;
  const found = useQuery({
    queryKey: [...SWITCH, "request", request],
    queryFn: () =>
      answer(api.GET("/api/v1/switch/requests/{request}", { params: { path: { request } } })),
    staleTime: FRESH_MS,
    retry: false,
  }).data;
  const say = useWords(shell);
  const saySwitch = useWords(offSwitch);
  const at = useLanguage() === "en" ? 0 : 1;
  const me = useSession().data?.user;
  const objects = new Map(useMyObjects().data?.map(({ id, name }) => [id, name]));
  const nameOf = useColleagueName();
  const { what, whom } = useScope(
    (id) => objectName({ id, name: objects.get(id) ?? id }, at),
    (principal) => {
      const [kind, id = ""] = principal.split(/:(.*)/s);
      if (principal === "everyone") return saySwitch("everybody");
      if (kind === "user") return id === me ? say("you") : nameOf(id);
      return kind === "group" ? saySwitch("group", { name: id }) : principal;
    },
  );
  if (!found) return props.children([]);
  const { effect, audience } = found.request.wanted;
  return props.children([what(effect), say("windowFor", { whom: whom(audience) })]);
}
