/** What is measured and what is asked about it: the service, its peers, processes, containers. */
@NullMarked
package io.funkhaus.bench.host;

import org.jspecify.annotations.NullMarked;
