/** The pages of the console. They are shells: what they show comes from the public REST API. */
@NullMarked
package io.funkhaus.web.console;

import org.jspecify.annotations.NullMarked;
