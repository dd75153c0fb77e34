/** Everything that the request says, part by part. */

import { actionWord } from "../../i18n/switch-acts";
import { form as formWords } from "../../i18n/switch-form";
import { request as words } from "../../i18n/switch-request";
import { useLanguage, useWords } from "../../i18n/words";
import { Brief } from "../../ui/brief";
import { Facts } from "../../ui/page";
import { PersonTag } from "../../ui/person";
import { at, useObjectName, usePrincipal, useSentence, useSpan } from "./parts";
import { type Shown, useNames, type Wanted } from "./queries";

type Row = readonly [name: string, value: React.ReactNode];

export function Asked(props: { shown: Shown }) {
  const say = useWords(words);
  const span = useSpan();
  const nameOf = useNames();
  const sentence = useSentence();
  const { request } = props.shown;
  const { wanted, backup } = request;
  const scope = useScopeRows(wanted);
  const authors = request.authors.filter((author) => author !== request.requested_by);
  const rows: Row[] = [
    [say("scope"), sentence(wanted)],
    ...scope,
    ...useAudienceRows(wanted),
    [say("reason"), <Brief key="reason">{wanted.reason}</Brief>],
    [say("length"), wanted.length ? span(wanted.length) : "–"],
    ...(wanted.starts ? ([[say("starts"), at(wanted.starts)]] as const) : []),
    ...(wanted.ticket ? ([[say("ticket"), wanted.ticket]] as const) : []),
    ...(wanted.legal_basis ? ([[say("basis"), wanted.legal_basis]] as const) : []),
    [say("survives"), say(wanted.survives_reboot ? "yes" : "no")],
    [
      say("askedBy"),
      <PersonTag key="by" id={request.requested_by} name={nameOf(request.requested_by)} withId />,
    ],
    ...(authors.length > 0 ? ([[say("authors"), authors.join(", ")]] as const) : []),
    ...(wanted.extends
      ? ([
          [
            say("extendsWindow"),
            <span key="x" className="code">
              {wanted.extends}
            </span>,
          ],
        ] as const)
      : []),
    ...(backup
      ? ([
          [say("backupRow"), say("verified", { name: backup.name, at: at(backup.verified) })],
        ] as const)
      : []),
  ];
  return <Facts rows={rows} />;
}

function useScopeRows({ effect }: Wanted): Row[] {
  const say = useWords(words);
  const sayForm = useWords(formWords);
  const object = useObjectName();
  const language = useLanguage() === "en" ? 0 : 1;
  if (effect.kind !== "suspension") return [];
  const { scope, others } = effect;
  const list = (name: string, all: readonly string[] | undefined): Row[] =>
    all && all.length > 0 ? [[name, all.join(", ")]] : [];
  const fields = (scope.fields ?? {}) as Record<string, string[]>;
  return [
    ...Object.entries(fields).map(
      ([id, names]): Row => [say("fields", { object: object(id) }), names.join(", ")],
    ),
    ...list(
      say("actions"),
      scope.actions?.map((id) => actionWord(id, language)),
    ),
    ...list(
      say("layers"),
      scope.layers?.map((layer) => sayForm(layer)),
    ),
    ...list(say("restrictions"), scope.restrictions),
    ...list(say("sets"), scope.sets),
    ...list(
      say("classes"),
      scope.protected_classes?.map((name) => sayForm(name)),
    ),
    ...(scope.bulk ? ([[say("bulk"), say("allowed")]] as Row[]) : []),
    [say("others"), say(others)],
  ];
}

function useAudienceRows({ audience }: Wanted): Row[] {
  const say = useWords(words);
  const principal = usePrincipal();
  const { users = [], networks = [] } = audience ?? {};
  return [
    ...(users.length > 0
      ? ([
          [
            say("audience"),
            users.map((one) => (
              <div key={one} title={one}>
                {principal(one)}
              </div>
            )),
          ],
        ] as Row[])
      : []),
    ...(networks.length > 0 ? ([[say("networks"), networks.join(", ")]] as Row[]) : []),
  ];
}
