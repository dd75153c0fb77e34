/** The fields of a record in sections: what everybody looks for, then personal and protected data, then the record. */

import { HistoryOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { record as words } from "../../../i18n/record";
import { useWords } from "../../../i18n/words";
import { useAddress } from "../../../ui/address";
import { Moment } from "../../../ui/moment";
import { type Field, isSeen, isSystem } from "../model";
import { Person, Value } from "../values";
import type { Opened } from "./opened";
import { Revealing } from "./reveal";

export function Sections(props: { of: Opened }) {
  const say = useWords(words);
  const { fields, record } = props.of;
  const row = record.value;
  const seen = fields.filter((field) => isSeen(field) && !isSystem(field.id));
  const system = fields.filter(({ id }) => isSystem(id) && row.fields[id]);
  const by = (at: string, who: string) => (
    <>
      <Moment at={at} /> <Person id={who} />
    </>
  );
  return (
    <div className="sections">
      <Section title={say("basics")} of={props.of} fields={seen.filter((one) => !one.class)} />
      <Section title={say("contact")} of={props.of} fields={seen.filter((one) => one.class)} />
      <section aria-label={say("system")}>
        <h3 className="part">{say("system")}</h3>
        <dl className="facts two">
          <Fact name={say("created")}>{by(row.created, row.created_by)}</Fact>
          <Fact name={say("changed")}>{by(row.changed, row.changed_by)}</Fact>
          <Fact name="ID">
            <span className="code">{row.id}</span>
          </Fact>
          {system
            .filter(({ id }) => id !== "Id")
            .map((field) => (
              <Fact key={field.id} name={field.label}>
                <Value field={field} shown={row.fields[field.id]} />
              </Fact>
            ))}
        </dl>
      </section>
    </div>
  );
}

function Fact(props: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Section(props: { title: string; of: Opened; fields: readonly Field[] }) {
  const say = useWords(words);
  const [, go] = useAddress();
  const { fields, of } = props;
  const row = of.record.value;
  if (fields.length === 0) return null;
  return (
    <section aria-label={props.title}>
      <h3 className="part">{props.title}</h3>
      <dl className="facts two">
        {fields.map((field) => {
          const parent = row.parents?.[field.id];
          return (
            <Fact key={field.id} name={field.label}>
              <Revealing of={of} field={field}>
                <Value field={field} shown={row.fields[field.id]} {...(parent && { parent })} />
              </Revealing>
              <Button
                type="text"
                size="small"
                className="past"
                icon={<HistoryOutlined aria-hidden />}
                aria-label={`${say("history")}: ${field.label}`}
                onClick={() => go({ tab: "history", field: field.id })}
              />
            </Fact>
          );
        })}
      </dl>
    </section>
  );
}
