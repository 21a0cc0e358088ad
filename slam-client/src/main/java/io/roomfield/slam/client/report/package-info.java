/** A replay's results as one page for people: figures, pictures of the map, every number. */
package io.roomfield.slam.client.report;
