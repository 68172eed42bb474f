export interface PayRoutes {}
