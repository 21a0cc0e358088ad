/** Faults on purpose, and what sessions make of them. */
package io.roomfield.slam.client.chaos;
