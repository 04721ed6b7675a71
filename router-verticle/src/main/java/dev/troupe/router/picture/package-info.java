/**
 * Pictures on the router's side: jobs that outlive their router, and what is kept of what they made. Runs on the router's event loop; knows
 * nothing of HTTP.
 */
package dev.troupe.router.picture;
