import { type AliasTable, aliasTable } from '../../../core/generate/alias-table.ts';
import { ORIGIN_WEIGHTS } from './fitted-origins.ts';
import { ORIGIN_PROFILES, type OriginProfile, OTHER_ORIGINS } from './fitted-profiles.ts';
import { FITTED_ROUTES } from './fitted-routes.ts';

export interface Route {
  /** Two airport codes in alphabetical order; never a direction. */
  readonly name: string;
  readonly hours: number;
  readonly weight: number;
  /** In tenths of a logit. */
  readonly completion: number;
  readonly shortStay: number;
}

export const ROUTES: readonly Route[] = FITTED_ROUTES.flatMap(([hours, routes]) =>
  words(routes).map(([name, weight, completion, shortStay]) => ({
    name: String(name),
    hours,
    weight: Number(weight),
    completion: Number(completion),
    shortStay: Number(shortStay),
  })),
);

export const ORIGINS = Object.keys(ORIGIN_WEIGHTS);
export const PROFILES: readonly OriginProfile[] = [...Object.values(ORIGIN_PROFILES), OTHER_ORIGINS];

/** The profile of each origin, as its place in `PROFILES`. */
export const PROFILE_OF: readonly number[] = ORIGINS.map((origin) => {
  const place = Object.keys(ORIGIN_PROFILES).indexOf(origin);
  return place === -1 ? PROFILES.length - 1 : place;
});

/** Draws a route for an origin with this profile: its weight times the factors of its two airports. */
export function routeTable({ airports }: OriginProfile): AliasTable {
  const factors = new Map(words(airports).map(([airport, factor]) => [airport, Number(factor)]));
  const factor = (airport: string) => factors.get(airport) ?? 1;
  return aliasTable(ROUTES.map(({ name, weight }) => weight * factor(name.slice(0, 3)) * factor(name.slice(3))));
}

function words(text: string): string[][] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => word.split('_'));
}
