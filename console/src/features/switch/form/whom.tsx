/** For whom: people by name, groups, networks; and what becomes of everybody else meanwhile. */
import { Collapse, Radio, Select } from "antd";
import { form as formWords } from "../../../i18n/switch-form";
import { useWords } from "../../../i18n/words";
import { usePrincipal } from "../parts";
import { useChoices } from "../queries";
import type { Form } from "../wanted";
import { Field, type Section } from "./field";
import { People } from "./people";

export function Whom({ form, change }: Section) {
  const say = useWords(formWords);
  const principal = usePrincipal();
  const groups = useChoices("groups", "guan.manage_structure").data ?? [];
  const known = groups.map(({ id, name }) => ({ value: `group:${id}`, label: name }));
  const kept = form.groups
    .filter((one) => !known.some(({ value }) => value === one))
    .map((one) => ({ value: one, label: principal(one) }));
  return (
    <>
      <Field label={say("people")}>
        {(id) => <People id={id} value={form.people} onChange={(people) => change({ people })} />}
      </Field>
      <Collapse
        ghost
        size="small"
        defaultActiveKey={form.groups.length + form.networks.length > 0 ? ["more"] : []}
        items={[
          {
            key: "more",
            label: say("more"),
            children: (
              <div className="two">
                <Field label={say("groups")}>
                  {(id) => (
                    <Select
                      id={id}
                      mode="tags"
                      placeholder={say("groupsHint")}
                      value={form.groups}
                      optionFilterProp="label"
                      options={[...known, ...kept]}
                      onChange={(chosen) => change({ groups: chosen })}
                    />
                  )}
                </Field>
                <Field label={say("networks")} hint={say("networksWhy")}>
                  {(id) => (
                    <Select
                      id={id}
                      mode="tags"
                      open={false}
                      suffixIcon={null}
                      tokenSeparators={[",", " ", ";"]}
                      placeholder={say("networksHint")}
                      value={form.networks}
                      onChange={(networks) => change({ networks })}
                    />
                  )}
                </Field>
              </div>
            ),
          },
        ]}
      />
      {form.kind === "suspension" && (
        <div className="entry">
          <span>{say("others")}</span>
          <Radio.Group
            aria-label={say("others")}
            value={form.others}
            onChange={(event) => change({ others: event.target.value as Form["others"] })}
            options={[
              { value: "enforced", label: say("enforced") },
              { value: "locked_out", label: say("lockedOut") },
            ]}
          />
        </div>
      )}
    </>
  );
}
