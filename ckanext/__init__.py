# Other distributions (CKAN's own plugins, ckanext-scheming) live in ``ckanext`` too.
__path__ = __import__("pkgutil").extend_path(__path__, __name__)
