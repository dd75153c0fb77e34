/** What a person is shown once, at the first sign-in; the user menu shows it again. */
import { Tour as Steps, type TourProps } from "antd";
import { shell } from "../i18n/shell";
import { useWords } from "../i18n/words";

/** Places that only some people, or only wide windows, have. */
const MENU = "aside .rail";
const EXPLAINER = 'nav.rail a[href="/explain"]';
const GUIDE = 'nav.rail a[href="/guide"]';

const at = (place: string) => () => document.querySelector<HTMLElement>(place) ?? document.body;

type Step = NonNullable<TourProps["steps"]>[number] & { needed?: string };

export default function Tour(props: { onEnd: () => void }) {
  const say = useWords(shell);
  const steps: readonly Step[] = [
    {
      title: say("tourMenu"),
      description: say("tourMenuWhy"),
      target: at(MENU),
      placement: "rightTop",
      needed: MENU,
    },
    { title: say("tourFind"), description: say("tourFindWhy"), target: at(".finder") },
    {
      title: say("tourBand"),
      description: say("tourBandWhy"),
      target: at(".top"),
      placement: "bottom",
    },
    {
      title: say("tourExplain"),
      description: say("tourExplainWhy"),
      target: at(EXPLAINER),
      placement: "right",
      needed: EXPLAINER,
    },
    {
      title: say("tourGuide"),
      description: say("tourGuideWhy"),
      target: at(GUIDE),
      placement: "right",
      needed: GUIDE,
    },
  ];
  return (
    <Steps
      open
      onClose={props.onEnd}
      onFinish={props.onEnd}
      steps={steps.filter(({ needed }) => needed === undefined || document.querySelector(needed))}
    />
  );
}
