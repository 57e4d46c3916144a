"""The words of web pages that are no prose: what buttons, menus and bars say, in seven languages.

English, German, French, Spanish, Italian, Portuguese and Dutch; all in small letters, without signs.
"""

from __future__ import annotations


def _listed(words: str) -> frozenset[str]:
    return frozenset(word.strip() for word in words.replace("\n", " ").split(","))


# A line that says one of these and nothing else is a control, wherever it stands.
CONTROLS = _listed("""
    view more, read more, show more, load more, see more, see all, view all, show all, read more news, more news,
    view more news, continue reading, read the full story, back to top, return to top, skip to content,
    skip to main content, skip navigation, skip to navigation, toggle navigation, toggle menu, open menu, close menu,
    main menu, share this, share this page, share this article, share this story, share this post, print this page,
    print this article, email this, email this article, tweet this, follow us,
    follow us on, stay connected, connect with us,
    sign up, sign in, sign up now, subscribe now, subscribe to our newsletter,
    sign up for our newsletter, log in, log out,
    forgot your password, create an account, my account, add to cart, add to basket, view cart, add to wishlist,
    accept all, accept all cookies, accept cookies, reject all, cookie settings, manage cookies, privacy settings,
    leave a comment, leave a reply, post a comment, post comment, you are here, published on, last updated, updated,
    updated on, posted on, posted in, posted by, filed under, tagged with, advertisement, watch live here, previous
    post, next post, previous article, next article, related posts, related articles,
    loading, please wait, read also, also read, you may also like, you might also like, recommended for you,
    most popular, most read, trending now, let us know what you think, learn how your comment data is processed,
    this site uses akismet to reduce spam,
    this site uses akismet to reduce spam learn how your comment data is processed,
    mehr anzeigen, mehr erfahren, mehr lesen, weiterlesen, zum inhalt springen, zum inhalt, zur navigation,
    nach oben, seite drucken, artikel drucken, artikel teilen, seite teilen, jetzt teilen, folgen sie uns,
    newsletter abonnieren, jetzt anmelden, mein konto, in den warenkorb, alle akzeptieren, alle cookies akzeptieren,
    alle ablehnen, cookie einstellungen, lesen sie auch, auch interessant, das könnte sie auch interessieren,
    meistgelesen, schreibe einen kommentar, kommentar schreiben, sie sind hier, sie befinden sich hier, anzeige,
    veröffentlicht am,
    lire la suite, en savoir plus, voir plus, voir tout, afficher plus, aller au contenu, aller au contenu principal,
    retour en haut, haut de page, imprimer cette page, partager cet article, partager cette page, partager sur,
    suivez nous, suivez nous sur, s inscrire, se connecter, mon compte, ajouter au panier, tout accepter,
    tout refuser, accepter les cookies, paramétrer les cookies, laisser un commentaire, vous êtes ici, publicité,
    publié le, mis à jour le, lire aussi, à lire aussi, les plus lus, enregistrer un commentaire,
    ajouter un commentaire,
    leer más, ver más, ver todo, seguir leyendo, saltar al contenido, ir al contenido, volver arriba,
    compartir en, compartir este artículo, imprimir esta página, síguenos, síguenos en, iniciar sesión, regístrate,
    mi cuenta, añadir al carrito, aceptar todo, aceptar cookies, rechazar todo, deja un comentario,
    lea también, lo más leído, publicar un comentario, usted está aquí, estás aquí, publicidad, publicado el,
    leggi tutto, leggi di più, continua a leggere, vedi tutto, mostra altro, vai al contenuto, torna su,
    torna all inizio, condividi su, condividi questo articolo, stampa questa pagina, seguici, seguici su, accedi,
    il mio account, aggiungi al carrello, accetta tutto, accetta i cookie, rifiuta tutto, lascia un commento,
    leggi anche, i più letti, posta un commento, ti trovi in, sei qui, pubblicità, pubblicato il,
    leia mais, ler mais, veja mais, ver tudo, ir para o conteúdo, pular para o conteúdo, voltar ao topo,
    compartilhe, compartilhar no, partilhar, siga nos, inscreva se, minha conta, adicionar ao carrinho,
    aceitar todos, aceitar cookies, rejeitar todos, deixe um comentário, você está aqui, publicado em,
    leia também, mais lidas, postar um comentário,
    lees meer, lees verder, meer lezen, meer weergeven, toon meer, bekijk alles, naar inhoud, ga naar de inhoud,
    naar boven, deel dit artikel, deel deze pagina, volg ons, volg ons op, inloggen, mijn account,
    in winkelwagen, alles accepteren, alle cookies accepteren, alles weigeren, plaats een reactie,
    lees ook, meest gelezen, u bent hier,
    je bent hier, gepubliceerd op
""")

# A line of two or more of these and nothing else is a bar; one of them stands in menus.
BUTTONS = _listed("""
    print, share, back, email, e-mail, mail, tweet, like, pin, comment, comments, reply, save, copy, link, close, next,
    previous, prev, menu, search, login, logout, register, subscribe, rss, pdf, download, facebook, twitter, linkedin,
    instagram, youtube, whatsapp, telegram, pinterest, reddit, tumblr, flickr, mastodon, bluesky, threads, x, skip, top,
    drucken, teilen, zurück, weiter, suche, suchen, anmelden, abmelden, registrieren, kommentieren, merken, schließen,
    imprimer, partager, retour, suivant, précédent, rechercher, recherche, connexion, inscription, fermer, envoyer,
    imprimir, compartir, volver, siguiente, anterior, buscar, entrar, cerrar, enviar, correo,
    stampa, condividi, indietro, avanti, cerca, chiudi, invia,
    compartilhar, partilhar, voltar, próximo, pesquisar, fechar,
    afdrukken, delen, terug, volgende, vorige, zoeken, sluiten, versturen
""")

# Where the links of a menu lead on any site. Some of them in a run of short lines make it a menu.
PLACES = _listed("""
    home, homepage, about, about us, who we are, what we do, our work, our team, contact, contact us, newsroom, blog,
    careers, faq, help, support, donate, resources, sitemap, site map, privacy, privacy policy, terms, terms of use,
    terms of service, terms and conditions, cookies, cookie policy, accessibility, legal notice, archive, archives,
    newsletter, shop, pricing, documentation, forum, gallery, topics, categories, tags, random article, recent
    changes, main page, talk, special pages, my account, cart, checkout, wishlist, sale, startseite, über uns, wir
    über uns, kontakt, karriere, impressum, datenschutz, agb, hilfe, spenden, warenkorb, barrierefreiheit, leichte
    sprache, archiv, hauptseite, accueil, à propos, qui sommes nous, mentions légales, plan du site, aide, emplois,
    boutique, nous contacter, inicio, sobre nosotros, quiénes somos, contacto, ayuda, tienda, aviso legal, política de
    privacidad, mapa del sitio, chi siamo, contatti, stampa, aiuto, negozio, note legali, mappa del sito, início,
    sobre nós, quem somos, contato, contactos, ajuda, loja, over ons, pers, vacatures, hulp, winkel, privacybeleid,
    voorwaarden
""")

# What else menus lead to; these words may as well be headings.
TOPICS = _listed("""
    sport, sports, business, politics, opinion, world, culture, technology, science, health, lifestyle, travel,
    weather, research, events, news, publications, media, press, community, videos, photos, podcasts, jobs, services,
    products, themen, politik, wirtschaft, kultur, wissenschaft, gesellschaft, politique, économie, société, economía,
    sociedad, deportes, cronaca, economia, política, esportes, aktuelles, nachrichten, veranstaltungen, termine,
    presse, actualités, agenda, événements, noticias, eventos, prensa, notizie, eventi, notícias, nieuws, evenementen
""")

# The first link of a trail of links that says where in a site a page stands.
HOMES = _listed("home, homepage, startseite, accueil, inicio, início, hauptseite, main page")
