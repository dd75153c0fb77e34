/** Who has to agree, who did, whose approval does not count and why, and what is missing. */
import { CheckCircleOutlined, ClockCircleOutlined, StopOutlined } from "@ant-design/icons";
import { request as words } from "../../i18n/switch-request";
import { discounts } from "../../i18n/switch-rules";
import { useWords } from "../../i18n/words";
import { PersonTag } from "../../ui/person";
import { usePrincipal } from "./parts";
import { type Shown, useNames } from "./queries";

export function Approvals(props: { shown: Shown }) {
  const say = useWords(words);
  const sayWhy = useWords(discounts);
  const nameOf = useNames();
  const principal = usePrincipal();
  const { request, tally } = props.shown;
  if (request.state === "draft") return null;
  return (
    <section className="sheet asked">
      <h2>{say("approvers")}</h2>
      {tally.demands.length === 0 && (
        <p className="quiet">
          {say(request.wanted.urgency === "emergency" ? "emergencyNoApproval" : "noApproval")}
        </p>
      )}
      {tally.demands.map((demand) => {
        const still = Math.max(0, demand.needed - demand.counted.length);
        return (
          <div key={demand.cause} className="demand">
            <div>
              {still === 0 ? (
                <CheckCircleOutlined aria-hidden />
              ) : (
                <ClockCircleOutlined aria-hidden />
              )}{" "}
              {say(`c_${demand.cause}`)}{" "}
              <strong className="number">
                {say("need", { have: demand.counted.length, needed: demand.needed })}
              </strong>{" "}
              <span className="quiet">
                {still === 0 ? say("met") : say("missing", { n: still })}
              </span>
            </div>
            <div className="quiet">
              {demand.among.length > 0
                ? say("among", { who: demand.among.map(principal).join(", ") })
                : say("anyone")}
            </div>
            {demand.counted.map((user) => (
              <div key={user}>
                <PersonTag id={user} name={nameOf(user)} />{" "}
                <span className="quiet">{say("counts")}</span>
              </div>
            ))}
          </div>
        );
      })}
      {tally.discounted.map(({ by, why }) => (
        <div key={`${by}-${why}`} className="demand">
          <StopOutlined aria-hidden /> <PersonTag id={by} name={nameOf(by)} />{" "}
          <span className="quiet">{say("countsNot", { why: sayWhy(why) })}</span>
        </div>
      ))}
    </section>
  );
}
