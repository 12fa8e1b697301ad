/** How the web server reads the connections of clients. */
@NullMarked
package io.funkhaus.web.http;

import org.jspecify.annotations.NullMarked;
