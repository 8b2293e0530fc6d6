package issuerhttp

// Statuses are the refusals that have a status of their own.
var Statuses = statuses
