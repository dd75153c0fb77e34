/** Who gains and loses what by a change: the server's numbers, in sentences, with the people behind them. */
import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import { Collapse } from "antd";
import { access } from "../../i18n/access";
import { useWords } from "../../i18n/words";
import { PersonTag } from "../../ui/person";
import { type Gain, type Gathered, gathered } from "./impact";
import { useLevels } from "./words";
import { type Policy, useObjectName } from "./world";

const PEOPLE_MAX = 50;

export function Effects(props: { policy: Policy; gains: readonly Gain[] }) {
  const say = useWords(access);
  const levels = useLevels();
  const objectName = useObjectName(props.policy);
  const all = gathered(props.gains);
  if (all.length === 0) return <p className="quiet">{say("impactNone")}</p>;
  const sentence = ({ way, people, action, object }: Gathered) =>
    say(way, {
      people: people.length,
      action: levels.action(action).toLowerCase(),
      object: objectName(object),
    });
  return (
    <Collapse
      size="small"
      items={all.map((one) => ({
        key: `${one.way} ${one.object} ${one.action}`,
        label: (
          <span className={one.way === "gain" ? "effect gain" : "effect lose"}>
            {one.way === "gain" ? (
              <ArrowUpOutlined aria-hidden />
            ) : (
              <ArrowDownOutlined aria-hidden />
            )}
            <b>{sentence(one)}</b>
            <span className="quiet number">{say("records", { n: one.records })}</span>
          </span>
        ),
        children: (
          <ul className="effects">
            {one.people.slice(0, PEOPLE_MAX).map(({ user, records, samples }) => (
              <li key={user}>
                <PersonTag id={user} name={props.policy.users[user]?.name} />
                <span className="number">{say("perPerson", { n: records })}</span>
                <span className="quiet code cut">
                  {say("samples", { ids: samples.join(", ") })}
                </span>
              </li>
            ))}
            {one.people.length > PEOPLE_MAX && (
              <li className="quiet">
                {say("moreDifferences", { n: one.people.length - PEOPLE_MAX })}
              </li>
            )}
          </ul>
        ),
      }))}
    />
  );
}
