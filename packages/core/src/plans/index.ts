/* Plans and prices as values, and the arithmetic that goes with them. It knows no member, no vault and no chat. */
export { beside, type Beside } from "./beside.ts";
export {
  channels,
  isAddOn,
  paidMinor,
  soldAs,
  yearlyMinor,
  type AddOn,
  type Catalogue,
  type Channel,
  type Lapse,
  type Named,
  type Offer,
  type Period,
  type Plan,
  type Price,
  type Reduction,
  type Room,
} from "./catalogue.ts";
export { standardCosts, storedMinor, yearOf, type Costs, type YearOfPlan } from "./costs.ts";
export { fitsFor, type Fit, type Need } from "./fit.ts";
export { largeMoneyText, moneyText, portion, type MoneyShown } from "./money.ts";
export {
  changedCatalogue,
  leastPayersPerMille,
  paidByTheYear,
  reportedMarket,
  storePercentOf,
  yearOfMarket,
  type Changes,
  type Market,
  type MarketYear,
  type PriceChange,
  type Reckoned,
} from "./planner.ts";
export { furthest, isHeld, reachOf, type Reach } from "./reach.ts";
export { catalogueProblems, isFree, type CatalogueProblem } from "./rules.ts";
export { reported2021, roamingLadder, standardCatalogue } from "./standard.ts";
