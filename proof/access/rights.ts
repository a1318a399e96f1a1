/** What one role or service is meant to do. Places are `zone/prefix`, and hold for whatever lies under them. */
export interface Rights {
  /** `Access/Marketing`, or the name of a service of AWS. */
  readonly who: string;
  readonly kind: 'people' | 'pipeline' | 'service';
  /** What it is there for, in a few words. */
  readonly purpose: string;
  /** Service that takes the role on; people take theirs on themselves. */
  readonly takenOnBy?: string;
  /**
   * Whether its trust names no account. The service then takes it on for whoever handed it over (`iam:PassRole`), which
   * only users of the role's own account can.
   */
  readonly trustsAnyAccount?: boolean;
  /** Whether it is there in some environments alone. */
  readonly isOptional?: boolean;
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  readonly removes?: readonly string[];
  /** Names of objects under a prefix; all names of the zone where no prefix is said. */
  readonly lists?: readonly string[];
  /** Keys used for something else than the objects above. */
  readonly keys?: readonly string[];
  /** Tables of the catalog whose columns it sees, as `database/table`. */
  readonly tables?: readonly string[];
  readonly workGroups?: readonly string[];
  readonly parameters?: readonly string[];
  readonly receives?: readonly string[];
  readonly sends?: readonly string[];
  readonly publishes?: readonly string[];
}
