/** Recorded refusals that the window would have allowed. */

import { actionWord } from "../../i18n/switch-acts";
import { preview as words } from "../../i18n/switch-preview";
import { useLanguage, useWords } from "../../i18n/words";
import { Moment } from "../../ui/moment";
import { useActColumns } from "./columns";
import type { Preview } from "./documents";
import { useObjectName } from "./parts";
import { useNames } from "./queries";
import { WideTable } from "./wide";

export function Denials(props: { denials: Preview["denials"] }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const object = useObjectName();
  const nameOf = useNames();
  const { denials } = props;
  const columns = useActColumns(denials.samples, ({ user }) => user);
  const counts = [
    [say("byUser"), denials.by_user.map(({ name, count }) => `${nameOf(name) ?? name} ${count}`)],
    [say("byObject"), denials.by_object.map(({ name, count }) => `${object(name)} ${count}`)],
    [
      say("byAction"),
      denials.by_action.map(({ name, count }) => `${actionWord(name, language)} ${count}`),
    ],
  ] as const;
  return (
    <>
      <h3 className="part">{say("denials", { n: denials.days })}</h3>
      {denials.looked_at === 0 ? (
        <p className="quiet">{say("denialsNone")}</p>
      ) : (
        <p>
          {say("denialsSay", {
            allowed: denials.allowed,
            looked: denials.looked_at,
            anyway: denials.allowed_anyway,
          })}{" "}
          {denials.cut_short && say("denialsCut")}
        </p>
      )}
      {denials.allowed > 0 &&
        counts.map(([name, all]) => (
          <div key={name}>
            <span className="quiet">{name}</span> {all.join(" · ")}
          </div>
        ))}
      {denials.samples.length > 0 && (
        <WideTable
          label={say("denials", { n: denials.days })}
          rowKey="sequence"
          dataSource={denials.samples}
          columns={[
            { key: "at", title: say("when"), render: (_, row) => <Moment at={row.at} seconds /> },
            columns.user,
            columns.action,
            columns.object,
            columns.record,
          ]}
        />
      )}
    </>
  );
}
