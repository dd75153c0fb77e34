/** How long, from when, and why; and whether it is an emergency. */
import { Button, Checkbox, Collapse, Input, InputNumber, Space } from "antd";
import { form as formWords } from "../../../i18n/switch-form";
import { useWords } from "../../../i18n/words";
import { useSpan } from "../parts";
import { useSettings } from "../queries";
import { isLength, longest_ms, MINUTE_MS } from "../wanted";
import { Field, type Section } from "./field";

const USUAL = [10, 30, 60];

export function When({ form, change }: Section) {
  const say = useWords(formWords);
  const span = useSpan();
  const settings = useSettings().data?.value.settings;
  const most_ms = longest_ms(form, settings);
  const most = Math.floor(most_ms / MINUTE_MS);
  const emergencyMost = Math.floor(longest_ms({ emergency: true }, settings) / MINUTE_MS);
  const wrong = !isLength(form.minutes, most_ms);
  return (
    <>
      <Field
        label={say("minutes")}
        hint={!wrong && say("most", { n: most })}
        error={wrong && say("lengthRule", { most: span(most_ms) })}
      >
        {(id) => (
          <Space wrap>
            <InputNumber
              id={id}
              {...(wrong && { status: "error", "aria-invalid": true })}
              aria-describedby={`${id}-says`}
              value={form.minutes}
              onChange={(minutes) => change({ minutes: minutes ?? 0 })}
            />
            {USUAL.filter((minutes) => minutes <= most).map((minutes) => (
              <Button
                key={minutes}
                aria-pressed={form.minutes === minutes}
                type={form.minutes === minutes ? "primary" : "default"}
                ghost={form.minutes === minutes}
                onClick={() => change({ minutes })}
              >
                {span(minutes * MINUTE_MS)}
              </Button>
            ))}
          </Space>
        )}
      </Field>
      <Field label={say("reason")}>
        {(id) => (
          <Input.TextArea
            id={id}
            rows={2}
            placeholder={say("reasonHint")}
            value={form.reason}
            onChange={(event) => change({ reason: event.target.value })}
          />
        )}
      </Field>
      <Collapse
        ghost
        size="small"
        defaultActiveKey={form.ticket || form.basis ? ["extra"] : []}
        items={[
          { key: "extra", label: say("extra"), children: <Extra form={form} change={change} /> },
        ]}
      />
      {form.kind === "suspension" && !form.extends && (
        <Checkbox
          checked={form.emergency}
          onChange={({ target: { checked } }) => change({ emergency: checked })}
        >
          {say("emergency")}
          <div className="quiet">{say("emergencyWhy", { n: emergencyMost })}</div>
        </Checkbox>
      )}
    </>
  );
}

function Extra({ form, change }: Section) {
  const say = useWords(formWords);
  return (
    <div className="two">
      <Field label={say("ticket")}>
        {(id) => (
          <Input
            id={id}
            value={form.ticket}
            onChange={(event) => change({ ticket: event.target.value })}
          />
        )}
      </Field>
      <Field label={say("basis")}>
        {(id) => (
          <Input
            id={id}
            value={form.basis}
            onChange={(event) => change({ basis: event.target.value })}
          />
        )}
      </Field>
      {!form.emergency && (
        <>
          <Field label={say("start")} hint={say("startWhy")}>
            {(id) => (
              <Input
                id={id}
                type="datetime-local"
                value={form.starts}
                onChange={(event) => change({ starts: event.target.value })}
              />
            )}
          </Field>
          <Checkbox
            checked={form.survives}
            onChange={(event) => change({ survives: event.target.checked })}
          >
            {say("survives")}
          </Checkbox>
        </>
      )}
    </div>
  );
}
