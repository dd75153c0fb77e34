/** The menu: the objects that the person works with, then what their powers open, grouped by task. */
import {
  AimOutlined,
  AppstoreOutlined,
  BankOutlined,
  ContactsOutlined,
  FundOutlined,
} from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { objectName, objects } from "../i18n/objects";
import { shell } from "../i18n/shell";
import { useLanguage, useWords } from "../i18n/words";
import { type Group, screens } from "../screens";
import { useMay, useMyObjects, useSession } from "../session";

const GROUPS: readonly Group[] = [
  "overview",
  "people",
  "access",
  "sharing",
  "pools",
  "audit",
  "integrations",
  "system",
];

const ICONS: Readonly<Record<string, ComponentType>> = {
  Account: BankOutlined,
  Contact: ContactsOutlined,
  Lead: AimOutlined,
  Opportunity: FundOutlined,
};

export type Place = { to: string; title: string; icon: ComponentType };

/** The screens of objects, when there is a screen for records at all. */
export function useObjectPlaces(): readonly Place[] {
  const at = useLanguage() === "en" ? 0 : 1;
  const mine = useMyObjects().data ?? [];
  if (!screens.some((screen) => screen.path === "/records/$object")) return [];
  const order = Object.keys(objects);
  const rank = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...mine]
    .sort((a, b) => rank(a.id) - rank(b.id) || a.name.localeCompare(b.name))
    .map((object) => ({
      to: `/records/${object.id}`,
      title: objectName(object, at),
      icon: ICONS[object.id] ?? AppstoreOutlined,
    }));
}

export function Rail() {
  const say = useWords(shell);
  const at = useLanguage() === "en" ? 0 : 1;
  const may = useMay();
  // In a view records alone can be read.
  const inView = useSession().data?.view != null;
  const open = inView ? [] : screens.filter((screen) => may(screen.needs ?? []));
  const sections = GROUPS.map((group) => ({
    group,
    places: open
      .flatMap(({ menu, path, title }) =>
        menu?.group === group
          ? [{ to: path, title: title[at], icon: menu.icon, order: menu.order }]
          : [],
      )
      .sort((a, b) => a.order - b.order),
  }));
  return (
    <nav className="rail" aria-label={say("menu")}>
      <Section title={say("work")} places={useObjectPlaces()} />
      {sections.map(({ group, places }) => (
        <Section key={group} title={say(group)} places={places} bare={group === "overview"} />
      ))}
    </nav>
  );
}

function Section(props: { title: string; places: readonly Place[]; bare?: boolean }) {
  if (props.places.length === 0) return null;
  return (
    <section aria-label={props.title}>
      {!props.bare && <h2>{props.title}</h2>}
      <ul>
        {props.places.map(({ to, title, icon: Icon }) => (
          <li key={to}>
            <Link to={to} activeOptions={{ exact: to === "/", includeSearch: false }}>
              <Icon aria-hidden />
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
